package dev.modelfetch;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a failure says, in English by itself; a program that speaks another language, or acts upon it, takes the code and
 * the values. Immutable.
 *
 * @param code stable, for example {@code no-room}; empty if nothing more can be said than the text
 * @param template an English sentence, or a clause of one, with the places {@code {0}}, {@code {1}} …
 * @param values what stands at the places
 * @param more sentences that follow
 */
public record Message(String code, String template, List<Phrase> values, List<Message> more) implements Phrase {

    private static final Pattern PLACE = Pattern.compile("\\{(\\d)\\}");

    public Message {
        values = List.copyOf(values);
        more = List.copyOf(more);
    }

    /**
     * One that can be said in other languages.
     *
     * @param values parts stay what they are; anything else is taken as it prints
     */
    public static Message of(String code, String template, Object... values) {
        List<Phrase> parts = Stream.of(values)
                .map(value -> value instanceof Phrase phrase ? phrase : new Phrase.Text(String.valueOf(value)))
                .toList();
        return new Message(code, template, parts, List.of());
    }

    /** One that is what it is. */
    public static Message plain(String text) {
        return new Message("", text, List.of(), List.of());
    }

    /** This, and then another sentence. */
    public Message then(Message next) {
        List<Message> all = new ArrayList<>(more);
        all.add(new Message(next.code, next.template, next.values, List.of()));
        all.addAll(next.more);
        return new Message(code, template, values, all);
    }

    @Override
    public String text() {
        // In one pass, so that a value which looks like a place stays as it is.
        String own = PLACE.matcher(template).replaceAll(place -> {
            int index = Integer.parseInt(place.group(1));
            return Matcher.quoteReplacement(
                    index < values.size() ? values.get(index).text() : place.group());
        });
        return Stream.concat(Stream.of(own), more.stream().map(Message::text)).collect(Collectors.joining(" "));
    }
}
