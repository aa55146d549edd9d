package dev.modelfetch.it;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.security.MessageDigest;
import okhttp3.OkHttpClient;
import okhttp3.Request;

/** Who may import whom, and the one home each of what has side effects. The README draws the same picture. */
@AnalyzeClasses(packages = "dev.modelfetch", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String NOUNS = "dev.modelfetch";
    private static final String SPI = "dev.modelfetch.spi";
    private static final String ENGINE = "dev.modelfetch.internal.engine";
    private static final String NET = "dev.modelfetch.internal.net";
    private static final String STORE = "dev.modelfetch.internal.store";
    private static final String INTERNAL = "dev.modelfetch.internal..";
    private static final String SOURCES = "dev.modelfetch.source..";
    private static final String CLI = "dev.modelfetch.cli..";
    private static final String IT = "dev.modelfetch.it..";

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
    static final ArchRule filesKnowNothingOfTheNetwork = noClasses()
            .that()
            .resideInAPackage(STORE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(ENGINE, NET, SPI, "okhttp3..");

    @ArchTest
    static final ArchRule theNetworkKnowsNothingOfFiles = noClasses()
            .that()
            .resideInAPackage(NET)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(ENGINE, STORE, "java.nio.file..");

    @ArchTest
    static final ArchRule nobodyOutsideReachesInside = noClasses()
            .that()
            .resideInAnyPackage(SOURCES, CLI, IT, "dev.modelfetch.guice")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(INTERNAL);

    @ArchTest
    static final ArchRule sourcesDoNotKnowEachOther = noClasses()
            .that()
            .resideInAnyPackage("dev.modelfetch.source.huggingface", "dev.modelfetch.source.modelscope")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("dev.modelfetch.source.mirror", CLI, IT);

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
            .resideOutsideOfPackages(CLI, "dev.modelfetch.guice")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.google.inject..");

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
            .resideOutsideOfPackages(STORE, IT)
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
            .that(isNot("dev.modelfetch.internal.engine.Settings").and(isNot("dev.modelfetch.cli.Console")))
            .and()
            .resideOutsideOfPackage(IT)
            .should()
            .callMethod(System.class, "getenv")
            .orShould()
            .callMethod(System.class, "getenv", String.class);

    @ArchTest
    static final ArchRule onlyTheConsolePrints = noClasses()
            .that(isNot("dev.modelfetch.cli.Console"))
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
            .and(isNot("dev.modelfetch.internal.engine.Threads"))
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
            .resideOutsideOfPackages(SOURCES, SPI, NET, ENGINE, IT)
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
