package dev.modelfetch.cli;

import dev.modelfetch.Accounts;
import dev.modelfetch.Login;
import dev.modelfetch.Logout;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Says what the test says, and keeps what it is told. */
final class FakeAccounts implements Accounts {

    final List<String> told = new ArrayList<>();
    Login login = new Login(
            "huggingface",
            "https://hub.test",
            Optional.of("jdoe"),
            List.of("acme-lab", "zoo"),
            Optional.of("ci-read"),
            "the file /home/token",
            Optional.empty());
    Logout logout = new Logout("huggingface", List.of("ci-read"), List.of("/home/token"), Optional.empty());
    Optional<URI> page = Optional.of(URI.create("https://hub.test/settings/tokens"));

    @Override
    public Login whoami(String source) {
        told.add("whoami " + source);
        return login;
    }

    @Override
    public Login login(String source, String token) {
        told.add("login " + source + " " + token);
        return login;
    }

    @Override
    public Logout logout(String source) {
        told.add("logout " + source);
        return logout;
    }

    @Override
    public Optional<URI> tokenPage(String source) {
        return page;
    }
}
