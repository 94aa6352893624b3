package dev.belay.lab;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The house plan: who may know whom. Arrows point at what is depended on. */
@AnalyzeClasses(packages = "dev.belay", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String MODEL = "dev.belay.model..";
    private static final String WORKFLOWS = "dev.belay.workflows..";
    private static final String ACTIVITIES = "dev.belay.activities..";
    private static final String TWIN = "dev.belay.twin..";
    private static final String WORKER = "dev.belay.worker..";
    private static final String CLI = "dev.belay.cli..";
    private static final String BENCH = "dev.belay.bench..";

    @ArchTest
    static final ArchRule MODEL_KNOWS_NOBODY = noClasses()
            .that()
            .resideInAPackage(MODEL)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    WORKFLOWS,
                    ACTIVITIES,
                    TWIN,
                    WORKER,
                    CLI,
                    "io.temporal..",
                    "net.schmizz..",
                    "io.fabric8..",
                    "io.etcd..");

    @ArchTest
    static final ArchRule WORKFLOWS_KNOW_ONLY_THE_MODEL = noClasses()
            .that()
            .resideInAPackage(WORKFLOWS)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(ACTIVITIES, TWIN, WORKER, CLI);

    @ArchTest
    static final ArchRule ACTIVITIES_KNOW_ONLY_THE_MODEL = noClasses()
            .that()
            .resideInAPackage(ACTIVITIES)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(WORKFLOWS, TWIN, WORKER, CLI);

    @ArchTest
    static final ArchRule TWIN_KNOWS_PORTS_AND_MODEL = noClasses()
            .that()
            .resideInAPackage(TWIN)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(WORKFLOWS, WORKER, CLI);

    @ArchTest
    static final ArchRule WORKER_DOES_NOT_KNOW_THE_CLI = noClasses()
            .that()
            .resideInAPackage(WORKER)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(CLI);

    @ArchTest
    static final ArchRule ONLY_THE_REHEARSAL_KNOWS_THE_TWIN = noClasses()
            .that()
            .resideInAnyPackage(WORKER, CLI)
            .and()
            .haveNameNotMatching("dev\\.belay\\.(worker|cli)\\.Rehears.*")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(TWIN);

    @ArchTest
    static final ArchRule NOBODY_KNOWS_THE_BENCH = noClasses()
            .that()
            .resideOutsideOfPackage(BENCH)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(BENCH);

    @ArchTest
    static final ArchRule STEPS_SPEAK_TO_PORTS = noClasses()
            .that()
            .resideInAPackage("dev.belay.activities.steps..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("net.schmizz..", "io.fabric8..", "io.etcd..", "io.grpc..", "io.temporal..");

    @ArchTest
    static final ArchRule MODEL_AND_WORKFLOWS_ARE_PURE = noClasses()
            .that()
            .resideInAnyPackage(MODEL, WORKFLOWS)
            .and()
            .haveSimpleNameNotEndingWith("Client")
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.util.Random")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.lang.Thread")
            .orShould()
            .callMethod(java.time.Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(java.util.UUID.class, "randomUUID")
            .orShould()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "java.net.http..", "java.nio.file..", "java.nio.channels..", "java.util.concurrent.locks..");

    @ArchTest
    static final ArchRule NO_NAME_REFUSES_TO_SAY_WHAT_IT_IS = classes()
            .should()
            .haveSimpleNameNotEndingWith("Manager")
            .andShould()
            .haveSimpleNameNotEndingWith("Helper")
            .andShould()
            .haveSimpleNameNotEndingWith("Util")
            .andShould()
            .haveSimpleNameNotEndingWith("Utils")
            .andShould()
            .haveSimpleNameNotEndingWith("Processor");
}
