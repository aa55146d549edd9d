package dev.modelfetch.serve;

import dev.modelfetch.Caller;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** Tells by a request who asks: by the token of a hub, or, where a box has accounts, by one of theirs. */
final class Visitors {

    private static final int LONGEST_BASIC = 4_096;

    private final Optional<Accounts> accounts;

    Visitors(Optional<Accounts> accounts) {
        this.accounts = accounts;
    }

    /** Somebody whom this box does not know. */
    static final class Unknown extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final boolean token;

        private Unknown(boolean token) {
            super(
                    token
                            ? "Invalid credentials in Authorization header"
                            : "This service is for those who have an account here.");
            this.token = token;
        }

        Reply reply() {
            Reply reply = Reply.error(401, "", String.valueOf(getMessage()));
            return token ? reply : reply.with("WWW-Authenticate", "Basic realm=\"modelfetch\", charset=\"UTF-8\"");
        }
    }

    /**
     * @param anybody whether it is something that everybody may ask
     * @throws Unknown if there are accounts, and it is none of them
     */
    Visitor of(Ask ask, boolean anybody) {
        Optional<String> token = token(ask);
        if (accounts.isEmpty()) {
            return Visitor.of(token.map(Caller::withToken).orElse(Caller.ANONYMOUS));
        }
        Optional<Visitor> known = token.flatMap(accounts.get()::of).map(Visitor::of);
        if (known.isEmpty() && !anybody) {
            throw new Unknown(token.isPresent());
        }
        return known.orElse(Visitor.ANYBODY);
    }

    /** As clients of the Hub send it, and git in the place of a password. What no header can carry is none. */
    private static Optional<String> token(Ask ask) {
        String header = ask.header("Authorization").orElse("");
        if (header.regionMatches(true, 0, "Bearer ", 0, 7)) {
            return plain(header.substring(7).strip());
        }
        if (header.regionMatches(true, 0, "Basic ", 0, 6) && header.length() < LONGEST_BASIC) {
            try {
                String pair = new String(
                        Base64.getDecoder().decode(header.substring(6).strip()), StandardCharsets.UTF_8);
                return plain(pair.substring(pair.indexOf(':') + 1));
            } catch (IllegalArgumentException noBase64) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    private static Optional<String> plain(String text) {
        return text.isEmpty() || !text.chars().allMatch(c -> c > ' ' && c <= '~')
                ? Optional.empty()
                : Optional.of(text);
    }
}
