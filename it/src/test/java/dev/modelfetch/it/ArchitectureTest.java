package dev.modelfetch.it;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import okhttp3.OkHttpClient;
import okhttp3.Request;

/** Who may import whom, and the one home each of what has side effects. docs/architecture.md draws the same picture. */
@AnalyzeClasses(packages = "dev.modelfetch", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String NOUNS = "dev.modelfetch";
    private static final String SPI = "dev.modelfetch.spi";
    private static final String INTERNAL = "dev.modelfetch.internal..";
    private static final String FILE = "dev.modelfetch.internal.file";
    private static final String NET = "dev.modelfetch.internal.net";
    private static final String STORE = "dev.modelfetch.internal.store..";
    private static final String TRANSFER = "dev.modelfetch.internal.transfer";

    /** The rooms of the engine, each with those it may enter; every room may know the nouns. */
    private static final Map<String, Set<String>> ROOMS = Map.ofEntries(
            entry("run", Set.of()),
            entry("file", Set.of()),
            entry("net", Set.of()),
            entry("memory", Set.of("run", "file")),
            entry("store.partial", Set.of("file")),
            entry("store", Set.of("file", "store.partial")),
            entry("token", Set.of("file", "net")),
            entry("config", Set.of("net", "token")),
            entry("choice", Set.of("run", "file", "net", "memory", "token", "config")),
            entry("account", Set.of("run", "net", "token", "config", "choice")),
            entry("transfer", Set.of("run", "file", "net", "memory", "store", "store.partial", "choice")),
            entry("store.cache", Set.of("file", "store", "store.partial")),
            entry("doctor", Set.of("run", "file", "net", "store", "config", "choice")),
            entry(
                    "engine",
                    Set.of(
                            "run",
                            "file",
                            "net",
                            "memory",
                            "store",
                            "store.cache",
                            "config",
                            "choice",
                            "transfer",
                            "account",
                            "doctor")));

    /** For programs built with a framework: each stands on the public surface, and nothing stands on it. */
    private static final String GUICE = "dev.modelfetch.guice";

    private static final String MICROMETER = "dev.modelfetch.micrometer";
    private static final String SPRING = "dev.modelfetch.spring";

    private static final String SOURCES = "dev.modelfetch.source..";
    private static final String CLI = "dev.modelfetch.cli..";
    private static final String COMMANDS = "dev.modelfetch.cli";
    private static final String SERVE = "dev.modelfetch.serve..";
    private static final String DOOR = "dev.modelfetch.serve.door";
    private static final String SCREEN = "dev.modelfetch.cli.screen";
    private static final String IT = "dev.modelfetch.it..";

    /** For the tests of others. */
    private static final String TESTING = "dev.modelfetch.testing..";

    @ArchTest
    static final ArchRule onlyTheFrontDoorKnowsTheEngine = noClasses()
            .that()
            .resideInAPackage(NOUNS)
            .and(isNot("dev.modelfetch.Modelfetch"))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(INTERNAL, SPI, SOURCES, CLI, "okhttp3..", "com.google.inject..");

    @ArchTest
    static final ArchRule theSpiKnowsNounsAndTheTransportOnly = noClasses()
            .that()
            .resideInAPackage(SPI)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(INTERNAL, SOURCES, CLI, "retrofit2..", "com.google.inject..");

    @ArchTest
    static void everyRoomOfTheEngineHasItsNeighbours(JavaClasses classes) {
        Set<String> found = classes.stream()
                .map(JavaClass::getPackageName)
                .filter(name -> name.startsWith(INTERNAL.replace("..", ".")))
                .map(name -> name.substring(INTERNAL.length() - 1))
                .collect(Collectors.toSet());
        assertThat(ROOMS.keySet()).isEqualTo(found);
        ROOMS.forEach((room, neighbours) -> {
            String[] closed = ROOMS.keySet().stream()
                    .filter(other -> !other.equals(room) && !neighbours.contains(other))
                    .map(ArchitectureTest::room)
                    .toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage(room(room))
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(closed)
                    .check(classes);
        });
    }

    private static String room(String name) {
        return "dev.modelfetch.internal." + name;
    }

    @ArchTest
    static final ArchRule filesKnowNothingOfTheNetwork = noClasses()
            .that()
            .resideInAnyPackage(STORE, FILE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(SPI, "okhttp3..");

    @ArchTest
    static final ArchRule theNetworkKnowsNothingOfFiles = noClasses()
            .that()
            .resideInAPackage(NET)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.nio.file..");

    @ArchTest
    static final ArchRule nobodyOutsideReachesInside = noClasses()
            .that()
            .resideInAnyPackage(SOURCES, CLI, SERVE, IT, TESTING, GUICE, MICROMETER, SPRING)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(INTERNAL);

    @ArchTest
    static final ArchRule oneRoomKnowsWhichWebServerItIs = noClasses()
            .that()
            .resideOutsideOfPackage(DOOR)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.undertow..", "org.xnio..");

    @ArchTest
    static final ArchRule whatIsServedStandsOnTheNouns = noClasses()
            .that()
            .resideInAPackage(SERVE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(SPI, SOURCES, CLI, "okhttp3..", "picocli..", "com.google.inject..");

    @ArchTest
    static final ArchRule oneCommandServes = noClasses()
            .that()
            .resideOutsideOfPackages(SERVE, IT)
            .and(isNot("dev.modelfetch.cli.ServeCommand"))
            .should()
            .dependOnClassesThat()
            .resideInAPackage(SERVE);

    @ArchTest
    static final ArchRule sourcesDoNotKnowEachOther = noClasses()
            .that()
            .resideInAnyPackage("dev.modelfetch.source.huggingface", "dev.modelfetch.source.modelscope")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.modelfetch.source.mirror", CLI, IT, TESTING);

    /** Published alone, so that a source is tested without the others. */
    @ArchTest
    static final ArchRule whatOthersTestWithStandsOnThePublicSurface = noClasses()
            .that()
            .resideInAPackage(TESTING)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(SOURCES, CLI, IT, GUICE, MICROMETER, SPRING);

    @ArchTest
    static final ArchRule modelScopeIsNotAHub = noClasses()
            .that()
            .resideInAPackage("dev.modelfetch.source.modelscope")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.modelfetch.source.huggingface");

    @ArchTest
    static final ArchRule theCommandLineFindsSourcesAtRunTime = noClasses()
            .that()
            .resideInAPackage(CLI)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(SOURCES, SPI, IT);

    @ArchTest
    static final ArchRule theScreenKnowsNothingOfCommandsAndOptions = noClasses()
            .that()
            .resideInAPackage(SCREEN)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(COMMANDS, "picocli..", "com.google.inject..");

    @ArchTest
    static final ArchRule sourcesTouchNeitherFilesNorThreadsNorTheEnvironment = noClasses()
            .that()
            .resideInAPackage(SOURCES)
            .should()
            .dependOnClassesThat(named("java.nio.file.Files")
                    .or(named("java.lang.Thread"))
                    .or(named("java.util.concurrent.ExecutorService")))
            .orShould()
            .callMethod(System.class, "getenv")
            .orShould()
            .callMethod(System.class, "getenv", String.class);

    @ArchTest
    static final ArchRule guiceIsForTheCommandLineAndOneModule = noClasses()
            .that()
            .resideOutsideOfPackages(CLI, GUICE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.google.inject..");

    @ArchTest
    static final ArchRule micrometerIsForOnePackageAndThoseThatPassItOn = noClasses()
            .that()
            .resideOutsideOfPackages(MICROMETER, SPRING)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.micrometer..", MICROMETER);

    @ArchTest
    static final ArchRule springIsForOnePackage = noClasses()
            .that()
            .resideOutsideOfPackage(SPRING)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.springframework..", SPRING);

    /** One jar for both: each class is of one of them, and is looked at where that is there. */
    @ArchTest
    static final ArchRule eachGenerationOfSpringBootHasItsOwnHealth = noClasses()
            .that()
            .resideInAPackage(SPRING)
            .and(isNot("dev.modelfetch.spring.ModelfetchHealth"))
            .and(isNot("dev.modelfetch.spring.ModelfetchHealth3"))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.springframework.boot.health..", "org.springframework.boot.actuate.health..");

    @ArchTest
    static final ArchRule retrofitIsForSources = noClasses()
            .that()
            .resideOutsideOfPackage(SOURCES)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("retrofit2..");

    @ArchTest
    static final ArchRule picocliIsForTheCommandLine = noClasses()
            .that()
            .resideOutsideOfPackage(CLI)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("picocli..");

    @ArchTest
    static final ArchRule digestsAreComputedInOnePlace = noClasses()
            .that()
            .resideOutsideOfPackages(FILE, IT, TESTING)
            .should()
            .dependOnClassesThat()
            .areAssignableTo(MessageDigest.class);

    @ArchTest
    static final ArchRule clientsAreBuiltInOnePlace = noClasses()
            .that(isNot("dev.modelfetch.internal.net.HttpClients"))
            .should()
            .dependOnClassesThat()
            .areAssignableTo(OkHttpClient.Builder.class);

    @ArchTest
    static final ArchRule theEnvironmentIsReadInOnePlaceForEachProgram = noClasses()
            .that(isNot("dev.modelfetch.internal.config.Settings").and(isNot("dev.modelfetch.cli.screen.Console")))
            .and()
            .resideOutsideOfPackage(IT)
            .should()
            .callMethod(System.class, "getenv")
            .orShould()
            .callMethod(System.class, "getenv", String.class);

    @ArchTest
    static final ArchRule onlyTheConsolePrints = noClasses()
            .that(isNot("dev.modelfetch.cli.screen.Console"))
            .and()
            .resideOutsideOfPackage(IT)
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err");

    @ArchTest
    static final ArchRule engineThreadsComeFromOnePlace = noClasses()
            .that()
            .resideInAPackage(INTERNAL)
            .and(isNot("dev.modelfetch.internal.run.Threads"))
            .should()
            .callConstructor(Thread.class, Runnable.class)
            .orShould()
            .callConstructor(Thread.class, Runnable.class, String.class)
            .orShould()
            .dependOnClassesThat(named("java.util.concurrent.Executors"));

    @ArchTest
    static final ArchRule nounsAreFinal = classes()
            .that()
            .resideInAPackage(NOUNS)
            .and()
            .arePublic()
            .and()
            .areNotInterfaces()
            .and(isNot("dev.modelfetch.FetchException"))
            .should()
            .haveModifier(com.tngtech.archunit.core.domain.JavaModifier.FINAL)
            .orShould()
            .beEnums();

    @ArchTest
    static final ArchRule requestsAreBuiltWhereSourcesAndTransferMeet = noClasses()
            .that()
            .resideOutsideOfPackages(SOURCES, SPI, NET, "dev.modelfetch.internal.choice", TRANSFER, IT, TESTING)
            .should()
            .dependOnClassesThat()
            .areAssignableTo(Request.class);

    private static DescribedPredicate<JavaClass> named(String name) {
        return DescribedPredicate.describe("is " + name, type -> type.getName().equals(name));
    }

    private static DescribedPredicate<JavaClass> isNot(String name) {
        return DescribedPredicate.describe(
                "is not " + name,
                type -> !type.getName().equals(name) && !type.getName().startsWith(name + "$"));
    }
}
