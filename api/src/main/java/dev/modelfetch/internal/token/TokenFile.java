package dev.modelfetch.internal.token;

import dev.modelfetch.internal.net.Setting;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that holds a token, whoever wrote it: PowerShell's {@code >} writes UTF-16 with a mark in front, others without. */
public final class TokenFile {

    private TokenFile() {}

    /** What it holds, if that is a token and nothing else; whether it is, is not judged here. */
    public static Setting read(Path file) throws IOException {
        return new Setting(text(file), from(file));
    }

    /** What people know the token in it by. */
    static String from(Path file) {
        return "the file " + file;
    }

    /** All of it, without a mark. */
    static String text(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        return new String(bytes, encoding(bytes)).replace("\uFEFF", "");
    }

    private static Charset encoding(byte[] bytes) {
        int mark = bytes.length < 2 ? 0 : ((bytes[0] & 0xff) << 8) | (bytes[1] & 0xff);
        if (mark == 0xfeff || mark == 0xfffe) {
            return StandardCharsets.UTF_16;
        }
        // A text has no zeros in it, except as halves of its letters.
        int before = zeros(bytes, 0);
        int behind = zeros(bytes, 1);
        if (before == behind) {
            return StandardCharsets.UTF_8;
        }
        return before > behind ? StandardCharsets.UTF_16BE : StandardCharsets.UTF_16LE;
    }

    private static int zeros(byte[] bytes, int first) {
        int zeros = 0;
        for (int i = first; i < bytes.length; i += 2) {
            zeros += bytes[i] == 0 ? 1 : 0;
        }
        return zeros;
    }
}
