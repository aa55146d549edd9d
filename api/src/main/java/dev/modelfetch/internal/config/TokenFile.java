package dev.modelfetch.internal.config;

import dev.modelfetch.internal.net.Setting;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that holds a token and nothing else, whoever wrote it: PowerShell's {@code >} writes UTF-16 with a mark in front. */
final class TokenFile {

    private TokenFile() {}

    /** What it holds; whether that is a token is not judged here. */
    static Setting read(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        return new Setting(new String(bytes, encoding(bytes)), "the file " + file);
    }

    private static Charset encoding(byte[] bytes) {
        int mark = bytes.length < 2 ? 0 : ((bytes[0] & 0xff) << 8) | (bytes[1] & 0xff);
        return mark == 0xfeff || mark == 0xfffe ? StandardCharsets.UTF_16 : StandardCharsets.UTF_8;
    }
}
