package dev.modelfetch.serve;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A request.
 *
 * @param method in upper case
 * @param target path and query as they came
 * @param headers by name in lower case; the first of each
 * @param address of the client
 * @param loopback whether it is on this machine
 * @param body of a request that has one
 */
public record Ask(
        String method, String target, Map<String, String> headers, String address, boolean loopback, Body body) {

    /** What was sent along, no longer than the door lets in. */
    public interface Body {
        /** @throws Refused if it is not let in */
        byte[] read() throws IOException;
    }

    /** A body that is not let in. */
    public static final class Refused extends IOException {

        private final int status;

        /** @param status of HTTP that says so */
        public Refused(int status, String why) {
            super(why);
            this.status = status;
        }

        int status() {
            return status;
        }
    }

    public Ask {
        headers = Map.copyOf(headers);
    }

    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
    }

    boolean isHead() {
        return method.equals("HEAD");
    }

    boolean isRead() {
        return isHead() || method.equals("GET");
    }

    /** The path as it came, without the query. */
    String path() {
        int mark = target.indexOf('?');
        return mark < 0 ? target : target.substring(0, mark);
    }

    /** The query as it came. */
    String rawQuery() {
        int mark = target.indexOf('?');
        return mark < 0 ? "" : target.substring(mark + 1);
    }

    /** Decoded values by name. */
    Map<String, List<String>> query() {
        return Form.parse(rawQuery());
    }

    /** All decoded values of that name. */
    List<String> all(String name) {
        return query().getOrDefault(name, List.of());
    }

    /** The first value of that name; empty if there is none. */
    String first(String name) {
        return query().getOrDefault(name, List.of("")).get(0);
    }

    boolean is(String name) {
        return first(name).equalsIgnoreCase("true") || first(name).equals("1");
    }

    /** A number above zero. */
    long number(String name, long otherwise) {
        String text = first(name);
        return text.matches("[1-9][0-9]{0,8}") ? Long.parseLong(text) : otherwise;
    }
}
