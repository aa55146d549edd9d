package dev.modelfetch.serve;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Addresses and forms taken apart. */
final class Form {

    private Form() {}

    /** A text, number or truth of a document that anybody may have written; empty if there is none of that name. */
    static String text(JsonObject json, String name) {
        JsonElement value = json.get(name);
        return value != null && value.isJsonPrimitive() ? value.getAsString() : "";
    }

    /** Values by name, both decoded. */
    static Map<String, List<String>> parse(String text) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (String pair : text.split("&")) {
            if (!pair.isEmpty()) {
                int mark = pair.indexOf('=');
                String name = decoded(mark < 0 ? pair : pair.substring(0, mark), true);
                String value = mark < 0 ? "" : decoded(pair.substring(mark + 1), true);
                values.computeIfAbsent(name, any -> new ArrayList<>()).add(value);
            }
        }
        return values;
    }

    /** Without the strokes around it. */
    static String bare(String path) {
        int start = 0;
        int end = path.length();
        while (start < end && path.charAt(start) == '/') {
            start++;
        }
        while (end > start && path.charAt(end - 1) == '/') {
            end--;
        }
        return path.substring(start, end);
    }

    /** A part of a path. What is no escape stays as it is, since some clients escape nothing. */
    static String decoded(String text) {
        return decoded(text, false);
    }

    private static String decoded(String text, boolean plusIsBlank) {
        byte[] raw = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream(raw.length);
        for (int i = 0; i < raw.length; i++) {
            int high = i + 2 < raw.length && raw[i] == '%' ? Character.digit(raw[i + 1], 16) : -1;
            int low = high < 0 ? -1 : Character.digit(raw[i + 2], 16);
            if (low >= 0) {
                out.write(high * 16 + low);
                i += 2;
            } else {
                out.write(plusIsBlank && raw[i] == '+' ? ' ' : raw[i]);
            }
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    /** As a part of a path, with nothing but unreserved characters left as they are. */
    static String encoded(String text) {
        StringBuilder out = new StringBuilder();
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (each & 0xff);
            boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || "-._~".indexOf(c) >= 0);
            if (plain) {
                out.append(c);
            } else {
                out.append('%').append(Character.toUpperCase(Character.forDigit(c >> 4, 16)));
                out.append(Character.toUpperCase(Character.forDigit(c & 15, 16)));
            }
        }
        return out.toString();
    }
}
