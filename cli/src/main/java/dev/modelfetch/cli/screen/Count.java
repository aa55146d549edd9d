package dev.modelfetch.cli.screen;

/** So many of something, in words. */
final class Count {

    private Count() {}

    static String files(long number, Messages messages) {
        return messages.say(number == 1 ? "count.file" : "count.files", Figures.count(number));
    }

    static String repositories(long number, Messages messages) {
        return messages.say(number == 1 ? "count.repository" : "count.repositories", Figures.count(number));
    }

    static String revisions(long number, Messages messages) {
        return messages.say(number == 1 ? "count.revision" : "count.revisions", Figures.count(number));
    }
}
