package dev.modelfetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Null is refused where it is handed over, by name, and not where it does its harm; unless it means something. */
class NullsTest {

    static Stream<Method> saying() {
        return Stream.of(FetchRequest.Builder.class, Selection.class)
                .flatMap(type -> Arrays.stream(type.getMethods()))
                .filter(method -> method.getReturnType() == method.getDeclaringClass())
                .filter(method -> method.getParameterCount() == 1 && !method.getParameterTypes()[0].isPrimitive())
                .filter(method -> !method.getAnnotatedParameterTypes()[0].isAnnotationPresent(Nullable.class));
    }

    @ParameterizedTest
    @MethodSource("saying")
    void everyMethodThatTakesWhatIsNotNullRefusesIt(Method method) {
        Object on = method.getDeclaringClass() == Selection.class
                ? Selection.all()
                : FetchRequest.builder(Repo.of(RepoType.MODEL, "lab/tiny"));

        Throwable refusal = catchThrowable(() -> method.invoke(on, (Object) null));

        assertThat(refusal).isInstanceOf(InvocationTargetException.class);
        assertThat(refusal.getCause()).isInstanceOf(NullPointerException.class).hasMessageMatching("[a-zA-Z]+");
    }

    @Test
    void thereAreSuchMethods() {
        assertThat(saying().map(Method::getName))
                .contains("selection", "source", "destination", "minVerification", "files", "where", "weights", "gguf");
    }

    @Test
    void aRequestIsOfSomething() {
        assertThatNullPointerException().isThrownBy(() -> FetchRequest.of(null)).withMessage("address");
        assertThatNullPointerException()
                .isThrownBy(() -> FetchRequest.builder((Repo) null))
                .withMessage("repo");
    }

    @Test
    void norIsOneOfSeveralNull() {
        assertThatNullPointerException()
                .isThrownBy(() -> Selection.all().files("a", null))
                .withMessage("path");
        assertThatNullPointerException().isThrownBy(() -> Selection.of(Arrays.asList("a", null), List.of(), List.of()));
        assertThatNullPointerException()
                .isThrownBy(() -> Selection.all().where((Predicate<RepoFile>) null))
                .withMessage("condition");
    }

    @Test
    void whereNullMeansSomethingItIsTaken() {
        FetchRequest request = FetchRequest.builder("lab/tiny")
                .revision(null)
                .locked(null)
                .patience(null)
                .build();

        assertThat(request.revision()).isEmpty();
        assertThat(request.locked()).isEmpty();
    }
}
