package dev.modelfetch.it.demo;

import dev.modelfetch.testing.hub.Fault;
import dev.modelfetch.testing.hub.MiniHubs;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Runs the program against three small hubs: one mute, one slow, one quick with an older README. Arguments replace the
 * command line {@code fetch demo-lab/tiny-gpt --source auto -v}; the exit status is the program's own.
 */
public final class Demo {

    private static final List<String> TOUR = List.of(TinyModel.MODEL, "--source", "auto", "-v");
    private static final int INTERRUPTED = 130;
    private static final long MEGABYTE = 1_000_000;
    private static final long MIRROR_RATE = MEGABYTE;
    private static final long MODEL_SCOPE_RATE = 6 * MEGABYTE;
    private static final Duration MIRROR_DELAY = Duration.ofMillis(700);

    private Demo() {}

    /** The launcher script names the program in the property {@code modelfetch.fetch}. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        String program = System.getProperty("modelfetch.fetch");
        if (program == null) {
            throw new IllegalStateException("run ./demo, which says where the program is");
        }
        System.exit(run(Path.of(program), arguments.length == 0 ? TOUR : List.of(arguments), System.err));
    }

    private static int run(Path program, List<String> arguments, PrintStream out)
            throws IOException, InterruptedException {
        try (MiniHubs hubs = hubs()) {
            Household home = Household.create(hubs.endpoints());
            introduce(hubs, arguments, out);
            int status = home.run(program, arguments);
            if (status != INTERRUPTED) {
                Tree.print(home.snapshots(), out);
            }
            return status;
        }
    }

    private static MiniHubs hubs() {
        MiniHubs hubs = MiniHubs.start(
                List.of(TinyModel.repository(), TinyModel.poems()),
                List.of(TinyModel.elsewhere(), TinyModel.poems().at("modelscope")));
        hubs.huggingFace().faults().add(Fault.blackHole());
        hubs.mirror().faults().add(Fault.delay(MIRROR_DELAY).onApi());
        hubs.mirror().dataFaults().add(Fault.totalRate(MIRROR_RATE));
        hubs.modelScope().dataFaults().add(Fault.totalRate(MODEL_SCOPE_RATE));
        return hubs;
    }

    private static void introduce(MiniHubs hubs, List<String> arguments, PrintStream out) {
        out.println("Three small hubs on this machine, each in its real protocol, no network:");
        out.println(
                "  huggingface  " + hubs.endpoints().get("huggingface") + "  accepts connections and never answers");
        out.println("  mirror       " + hubs.endpoints().get("mirror") + "  works, slowly: 0.7 s per call, 1 MB/s");
        out.println("  modelscope   " + hubs.endpoints().get("modelscope") + "  works, quickly: 6 MB/s, older README");
        out.println("They hold the model " + TinyModel.MODEL + " and the dataset " + TinyModel.DATASET + ".");
        out.println();
        out.println("$ fetch " + String.join(" ", arguments));
    }
}
