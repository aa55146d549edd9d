package dev.modelfetch.it.demo;

import com.google.gson.Gson;
import dev.modelfetch.testing.hub.Content;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A safetensors file: eight bytes of header length, little-endian, a JSON header padded with blanks to a multiple of
 * eight, then the tensors one after the other.
 *
 * @param tensors name to shape, in the order of the file; all are 32-bit floats
 */
record Weights(Map<String, int[]> tensors) {

    /** Noise small enough for an untrained model, the same for the same seed. */
    Content content(long seed) {
        byte[] json = header().getBytes(StandardCharsets.UTF_8);
        byte[] padded = Arrays.copyOf(json, (json.length + 7) / 8 * 8);
        Arrays.fill(padded, json.length, padded.length, (byte) ' ');
        byte[] head = ByteBuffer.allocate(8 + padded.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(padded.length)
                .put(padded)
                .array();
        return Content.joined(Content.bytes(head), Content.floats(seed, bytes() / Float.BYTES));
    }

    /** Bytes of all tensors, without the header. */
    long bytes() {
        return tensors.values().stream().mapToLong(Weights::bytes).sum();
    }

    private String header() {
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("__metadata__", Map.of("format", "pt"));
        long start = 0;
        for (Map.Entry<String, int[]> tensor : tensors.entrySet()) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("dtype", "F32");
            entry.put("shape", tensor.getValue());
            entry.put("data_offsets", List.of(start, start + bytes(tensor.getValue())));
            header.put(tensor.getKey(), entry);
            start += bytes(tensor.getValue());
        }
        return new Gson().toJson(header);
    }

    private static long bytes(int[] shape) {
        return Arrays.stream(shape).asLongStream().reduce(Float.BYTES, Math::multiplyExact);
    }
}
