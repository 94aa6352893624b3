package dev.belay.workflows;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.temporal.workflow.Saga;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Workflow code must do the same on every replay. Java has no sandbox for that, so its byte code is read. */
@AnalyzeClasses(packages = "dev.belay.workflows", importOptions = ImportOption.DoNotIncludeTests.class)
class DeterminismTest {

    private static final String WORKFLOWS = "dev.belay.workflows";

    @ArchTest
    static final ArchRule ASKS_NO_CLOCK = noClasses()
            .that()
            .resideInAPackage(WORKFLOWS)
            .should()
            .callMethodWhere(called("java\\.time\\..*", "now|systemUTC|systemDefaultZone|tick.*"))
            .orShould()
            .callMethodWhere(called("java\\.lang\\.System", ".*"))
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(java.time.Clock.class)
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(java.util.Date.class);

    @ArchTest
    static final ArchRule LEAVES_NOTHING_TO_CHANCE = noClasses()
            .that()
            .resideInAPackage(WORKFLOWS)
            .should()
            .dependOnClassesThat()
            .areAssignableTo(Random.class)
            .orShould()
            .callMethodWhere(called("java\\.util\\.UUID", "randomUUID"))
            .orShould()
            .callMethodWhere(called("java\\.lang\\.Math", "random"));

    @ArchTest
    static final ArchRule HAS_NO_THREADS_AND_NO_IO = noClasses()
            .that()
            .resideInAPackage(WORKFLOWS)
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                    "java.io..", "java.net..", "java.nio.file..", "java.nio.channels..", "java.util.concurrent.."))
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Thread.class)
            .orShould()
            .callMethodWhere(called("org\\.slf4j\\.LoggerFactory", ".*"))
            .orShould()
            .callMethodWhere(called("java\\.util\\..*", "parallel|parallelStream"));

    @ArchTest
    static final ArchRule LOCKS_NOTHING = noMethods()
            .that()
            .areDeclaredInClassesThat()
            .resideInAPackage(WORKFLOWS)
            .should()
            .haveModifier(JavaModifier.SYNCHRONIZED);

    @ArchTest
    static final ArchRule KEEPS_EVERY_COLLECTION_IN_ORDER = noClasses()
            .that()
            .resideInAPackage(WORKFLOWS)
            .should()
            .callConstructorWhere(target(owner(exactly(HashMap.class))))
            .orShould()
            .callConstructorWhere(target(owner(exactly(HashSet.class))))
            .orShould()
            .callMethodWhere(
                    called("java\\.util\\.stream\\.Collectors", "toSet|toMap|toUnmodifiable(Set|Map)|groupingBy"))
            .orShould()
            .callMethodWhere(called("java\\.util\\.Set", "of|copyOf"))
            .orShould()
            .callMethodWhere(called("java\\.util\\.Map", "copyOf|ofEntries"))
            .orShould()
            .callMethodWhere(saltedMap());

    @ArchTest
    static final ArchRule AVOIDS_THE_TRAPS_OF_THE_SDK = noClasses()
            .that()
            .resideInAPackage(WORKFLOWS)
            .should()
            .dependOnClassesThat()
            .areAssignableTo(Saga.class)
            .orShould()
            .callMethodWhere(called("io\\.temporal\\.workflow\\.Promise", "allOf|anyOf"))
            .orShould()
            .callMethodWhere(called(
                    "io\\.temporal\\.workflow\\.Workflow",
                    "sleep|randomUUID|newRandom|newLocalActivityStub|sideEffect|mutableSideEffect|retry"))
            .orShould()
            .callMethodWhere(called(
                    "io\\.temporal\\.workflow\\.ChildWorkflowOptions\\$Builder",
                    "setWorkflow(Run|Execution)Timeout|setRetryOptions"));

    @ArchTest
    static final ArchRule TAKES_ONE_VERSION = noClasses()
            .that()
            .resideInAPackage(WORKFLOWS)
            .and()
            .doNotHaveSimpleName("Interpreter")
            .should()
            .callMethodWhere(called("io\\.temporal\\.workflow\\.Workflow", "getVersion"));

    @ArchTest
    static final ArchRule WAITS_IN_ONE_PLACE = noClasses()
            .that()
            .resideInAPackage(WORKFLOWS)
            .and()
            .doNotHaveSimpleName("Waits")
            .should()
            .callMethodWhere(called("io\\.temporal\\.workflow\\.Workflow", "newTimer"));

    private static DescribedPredicate<JavaCall<?>> called(String owner, String method) {
        return target(owner(nameMatching(owner)))
                .and(target(nameMatching(method)))
                .as("%s.%s", owner, method)
                .forSubtype();
    }

    private static DescribedPredicate<JavaClass> exactly(Class<?> type) {
        return DescribedPredicate.describe("exactly " + type.getName(), known -> known.isEquivalentTo(type));
    }

    /** {@code Map.of} with two entries or more iterates in another order in every JVM. */
    private static DescribedPredicate<JavaCall<?>> saltedMap() {
        return DescribedPredicate.describe(
                "Map.of with several entries",
                call -> call.getTargetOwner().isEquivalentTo(Map.class)
                        && call.getName().equals("of")
                        && call.getTarget().getParameterTypes().size() > 2);
    }

    /** A rule that cannot fail is no rule. */
    @Test
    void findsEachOfTheseThings() {
        JavaClasses bad = new ClassFileImporter().importClasses(Forbidden.class);
        for (ArchRule rule : List.of(
                ASKS_NO_CLOCK,
                LEAVES_NOTHING_TO_CHANCE,
                HAS_NO_THREADS_AND_NO_IO,
                LOCKS_NOTHING,
                KEEPS_EVERY_COLLECTION_IN_ORDER,
                AVOIDS_THE_TRAPS_OF_THE_SDK,
                TAKES_ONE_VERSION,
                WAITS_IN_ONE_PLACE)) {
            assertThat(rule.evaluate(bad).getFailureReport().getDetails())
                    .as(rule.getDescription())
                    .isNotEmpty();
        }
        assertThat(KEEPS_EVERY_COLLECTION_IN_ORDER
                        .evaluate(bad)
                        .getFailureReport()
                        .getDetails())
                .hasSize(4);
    }

    /** Everything workflow code must not do. */
    static final class Forbidden {
        Instant clock() {
            return Instant.now();
        }

        UUID chance() {
            return UUID.randomUUID();
        }

        void thread() {
            new Thread(() -> {}).start();
        }

        synchronized void lock() {}

        List<Object> order() {
            Set<String> salted = Set.of("a", "b");
            Map<String, String> saltedToo = Map.of("a", "b", "c", "d");
            return List.of(salted, saltedToo, new HashMap<>(), Stream.of("a").collect(Collectors.toSet()));
        }

        void sdk() {
            Workflow.sleep(Duration.ofSeconds(1));
        }

        int version() {
            return Workflow.getVersion("another", 1, 1);
        }

        void timer() {
            Workflow.newTimer(Duration.ZERO).get();
        }
    }
}
