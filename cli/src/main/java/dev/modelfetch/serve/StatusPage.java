package dev.modelfetch.serve;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** The state of a box for a browser: one page that needs nothing else. */
final class StatusPage {

    private static final String STYLE =
            "body{font:15px/1.5 system-ui,sans-serif;margin:2em auto;max-width:60em;padding:0 1em;color:#222;background:#fff}"
                    + "table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.3em .8em .3em 0;"
                    + "border-bottom:1px solid #ddd}td.n,th.n{text-align:right}progress{width:8em}"
                    + "@media(prefers-color-scheme:dark){body{color:#ddd;background:#181818}td,th{border-color:#444}}";

    private StatusPage() {}

    static String of(JsonObject status) {
        StringBuilder page = new StringBuilder("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">");
        page.append("<meta name=\"viewport\" content=\"width=device-width\"><title>Modelfetch</title><style>");
        page.append(STYLE).append("</style></head><body><h1>Modelfetch ").append(text(status, "version"));
        page.append("</h1><p>An endpoint for every Hugging Face tool: <code>export HF_ENDPOINT=");
        page.append(text(status, "endpoint")).append("</code></p><table>");
        row(page, "Running since", text(status, "started"));
        row(page, "Requests", text(status, "requests"));
        row(page, "Sent to clients", size(status, "bytesServed"));
        row(page, "Received from sources", size(status, "bytesFromOrigin"));
        row(page, "Files that were stored", hits(status));
        row(page, "Files that had to be filled", text(status, "filesFromFilling"));
        row(
                page,
                "Stored",
                size(status, "bytesStored")
                        + (status.has("bytesAllowed") ? " of " + size(status, "bytesAllowed") : ""));
        row(page, "Free on the disk", size(status, "bytesFree"));
        page.append("</table><h2>Being filled</h2>");
        if (status.getAsJsonArray("fillings").isEmpty()) {
            return page.append("<p>Nothing.</p></body></html>\n").toString();
        }
        page.append(
                "<table><tr><th>Repository</th><th>File</th><th>From</th><th class=\"n\">Readers</th><th class=\"n\">A second</th>");
        page.append("<th class=\"n\">There</th><th></th></tr>");
        status.getAsJsonArray("fillings").forEach(each -> filling(page, each.getAsJsonObject()));
        return page.append("</table></body></html>\n").toString();
    }

    /** With their share of all. */
    private static String hits(JsonObject status) {
        long stored = status.get("filesFromStore").getAsLong();
        long all = stored + status.get("filesFromFilling").getAsLong();
        return stored + (all == 0 ? "" : " (" + stored * 100 / all + " %)");
    }

    private static void filling(StringBuilder page, JsonObject filling) {
        String sources = StreamSupport.stream(filling.getAsJsonArray("sources").spliterator(), false)
                .map(JsonElement::getAsString)
                .collect(Collectors.joining(", "));
        page.append("<tr><td>")
                .append(text(filling, "repo"))
                .append("</td><td>")
                .append(text(filling, "path"));
        page.append("</td><td>").append(escaped(sources)).append("</td><td class=\"n\">");
        page.append(text(filling, "readers")).append("</td><td class=\"n\">").append(size(filling, "rate"));
        page.append("</td><td class=\"n\">").append(size(filling, "present"));
        page.append(" / ").append(size(filling, "size")).append("</td><td><progress max=\"");
        page.append(text(filling, "size")).append("\" value=\"").append(text(filling, "present"));
        page.append("\"></progress></td></tr>");
    }

    private static void row(StringBuilder page, String name, String value) {
        page.append("<tr><td>").append(name).append("</td><td>").append(value).append("</td></tr>");
    }

    private static String text(JsonObject json, String key) {
        return escaped(json.get(key).getAsString());
    }

    private static String size(JsonObject json, String key) {
        return String.format(Locale.ROOT, "%.1f MB", json.get(key).getAsLong() / 1e6);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
