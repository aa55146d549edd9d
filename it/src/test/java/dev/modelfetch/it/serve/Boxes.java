package dev.modelfetch.it.serve;

import dev.modelfetch.it.e2e.Lab;
import dev.modelfetch.testing.hub.Fault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The boxes of one test, in front of the hubs of a lab; ended with it. */
final class Boxes implements AfterEachCallback {

    private final Lab lab;
    private final List<Served> boxes = new ArrayList<>();

    Boxes(Lab lab) {
        this.lab = lab;
    }

    Served box(String... options) throws IOException {
        Served box = Served.start(lab, options);
        boxes.add(box);
        return box;
    }

    /** Where another has listened before. */
    Served boxAt(int port, String... options) throws IOException {
        Served box = Served.at(port, lab, options);
        boxes.add(box);
        return box;
    }

    /** All hubs together send no more than so many bytes a second each. */
    void slowDown(long rate) {
        lab.hubs().huggingFace().dataFaults().add(Fault.totalRate(rate));
        lab.hubs().mirror().dataFaults().add(Fault.totalRate(rate));
        lab.hubs().modelScope().dataFaults().add(Fault.totalRate(rate));
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        for (Served box : boxes) {
            box.close();
        }
    }
}
