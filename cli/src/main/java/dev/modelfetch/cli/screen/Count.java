package dev.modelfetch.cli.screen;

/** So many files, in words. */
final class Count {

    private Count() {}

    static String files(long number, Messages messages) {
        return messages.say(number == 1 ? "count.file" : "count.files", Figures.count(number));
    }
}
