module consumer {
    requires dev.modelfetch.api;
    // That is a module by its name only, so it cannot say itself what it needs of real ones.
    requires okhttp3;
    requires com.google.gson;
}
