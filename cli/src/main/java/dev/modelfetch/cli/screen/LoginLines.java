package dev.modelfetch.cli.screen;

import dev.modelfetch.Login;
import dev.modelfetch.Logout;
import java.util.ArrayList;
import java.util.List;

/** Who is logged in where, for people. */
public final class LoginLines {

    private static final String FILE = "the file ";

    private final Messages messages;

    public LoginLines(Messages messages) {
        this.messages = messages;
    }

    /** After a token has been stored. */
    public List<String> stored(Login login) {
        String place = place(login.tokenFrom());
        return List.of(plain(login.user()
                .map(user -> messages.say("login.done", login.source(), user, place))
                .orElseGet(() -> messages.say("login.unchecked", login.source(), login.endpoint(), place))));
    }

    /** What else is to be known then. */
    public List<Line> remarks(Login login) {
        return login.overruledBy().stream()
                .map(setting -> Line.note(messages.say("login.overruled", setting)))
                .toList();
    }

    /** Whose token is in force. */
    public List<String> inForce(Login login) {
        List<String> lines = new ArrayList<>();
        row(lines, "name", login.user().orElse(""));
        if (!login.organisations().isEmpty()) {
            row(lines, "organisations", String.join(messages.say("sum.and"), login.organisations()));
        }
        row(
                lines,
                "token",
                login.tokenName()
                        .map(name -> messages.say("whoami.named-token", name, from(login.tokenFrom())))
                        .orElseGet(() -> from(login.tokenFrom())));
        row(lines, "endpoint", login.endpoint());
        return lines;
    }

    private void row(List<String> lines, String key, String value) {
        lines.add(plain(Cells.padRight(messages.say("whoami." + key), 15) + value));
    }

    /** After tokens have been deleted. */
    public List<String> deleted(Logout logout) {
        if (logout.places().isEmpty()) {
            return List.of(messages.say("logout.nothing", logout.source()));
        }
        String places = String.join(messages.say("sum.and"), logout.places());
        return List.of(plain(
                logout.tokens().isEmpty()
                        ? messages.say("logout.done", logout.source(), places)
                        : messages.say(
                                "logout.done-names",
                                logout.source(),
                                String.join(messages.say("sum.and"), logout.tokens()),
                                places)));
    }

    /** What else is to be known then. */
    public List<Line> remarks(Logout logout) {
        return logout.stillFrom().stream()
                .map(variable -> Line.note(messages.say("logout.still", variable, logout.source())))
                .toList();
    }

    private static String place(String from) {
        return from.startsWith(FILE) ? from.substring(FILE.length()) : from;
    }

    private String from(String setting) {
        return setting.startsWith(FILE) ? messages.say("whoami.file", place(setting)) : messages.sentence(setting);
    }

    /** Names are what a hub says they are. */
    private static String plain(String line) {
        return Cells.plain(line.replaceAll("\\s+$|[\\r\\n\\t]", ""));
    }
}
