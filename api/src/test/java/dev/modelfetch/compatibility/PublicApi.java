package dev.modelfetch.compatibility;

import static java.util.stream.Collectors.joining;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.AnnotatedArrayType;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.AnnotatedTypeVariable;
import java.lang.reflect.AnnotatedWildcardType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.TypeVariable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What others can compile against: a line for each type, and below it one for each thing that it declares. Nullness is
 * told, names of parameters are not.
 *
 * @param types declarations by type
 */
record PublicApi(SortedMap<String, SortedSet<String>> types) {

    private static final String INDENT = "    ";
    private static final Set<String> OF_EVERY_OBJECT = Set.of("equals", "hashCode", "toString");
    private static final Set<String> OF_EVERY_ENUM = Set.of("toString", "valueOf", "values");

    /** Reads what {@link #text()} writes. */
    static PublicApi parse(String text) {
        SortedMap<String, SortedSet<String>> types = new TreeMap<>();
        text.lines().filter(line -> !line.isBlank()).forEach(line -> {
            if (line.startsWith(INDENT)) {
                types.get(types.lastKey()).add(line.strip());
            } else {
                types.put(line, new TreeSet<>());
            }
        });
        return new PublicApi(types);
    }

    /** Looks at the classes in a folder, those below one package excepted. */
    static PublicApi of(Path classes, String hidden) throws IOException {
        SortedMap<String, SortedSet<String>> types = new TreeMap<>();
        try (Stream<Path> files = Files.walk(classes)) {
            files.map(file -> classes.relativize(file).toString().replace(File.separatorChar, '.'))
                    .filter(name -> name.endsWith(".class") && !name.startsWith(hidden))
                    .filter(name -> !name.contains("-info"))
                    .map(name -> load(name.substring(0, name.length() - ".class".length())))
                    .filter(PublicApi::isVisible)
                    .forEach(type -> types.put(head(type), declarations(type)));
        }
        return new PublicApi(types);
    }

    String text() {
        StringBuilder text = new StringBuilder();
        types.forEach((type, declarations) -> {
            text.append(type).append('\n');
            declarations.forEach(line -> text.append(INDENT).append(line).append('\n'));
        });
        return text.toString();
    }

    /** What is here and not there. A type that is missing there altogether counts with all it declares. */
    PublicApi without(PublicApi there) {
        SortedMap<String, SortedSet<String>> more = new TreeMap<>();
        types.forEach((type, declarations) -> {
            SortedSet<String> known = there.types.get(type);
            SortedSet<String> unknown = new TreeSet<>(declarations);
            unknown.removeAll(known == null ? Collections.emptySortedSet() : known);
            if (known == null || !unknown.isEmpty()) {
                more.put(type, unknown);
            }
        });
        return new PublicApi(more);
    }

    /** Of these additions to types that were there before, those that whoever implements such a type has to make, too. */
    PublicApi demandsOf(PublicApi before) {
        SortedMap<String, SortedSet<String>> demands = new TreeMap<>();
        types.forEach((type, declarations) -> {
            if (before.types.containsKey(type) && !type.contains("sealed ")) {
                SortedSet<String> demanded = new TreeSet<>(declarations);
                demanded.removeIf(line -> !line.startsWith("abstract "));
                if (!demanded.isEmpty()) {
                    demands.put(type, demanded);
                }
            }
        });
        return new PublicApi(demands);
    }

    boolean isEmpty() {
        return types.isEmpty();
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, PublicApi.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new LinkageError(name, e);
        }
    }

    private static boolean isVisible(Class<?> type) {
        Class<?> outer = type.getEnclosingClass();
        return isVisible(type.getModifiers()) && !type.isSynthetic() && (outer == null || isVisible(outer));
    }

    private static boolean isVisible(int modifiers) {
        return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
    }

    private static boolean isVisible(Member member) {
        return isVisible(member.getModifiers()) && !member.isSynthetic();
    }

    /** The name first, so that types stand in its order. */
    private static String head(Class<?> type) {
        String kind = type.isAnnotation()
                ? "@interface"
                : type.isInterface() ? "interface" : type.isEnum() ? "enum" : type.isRecord() ? "record" : "class";
        int said = type.isInterface() || type.isEnum() || type.isRecord() ? Modifier.PROTECTED : ~Modifier.PUBLIC;
        String modifiers = Modifier.toString(type.getModifiers() & Modifier.classModifiers() & ~Modifier.STATIC & said);
        return type.getCanonicalName() + variables(type.getTypeParameters()) + " is "
                + (modifiers.isEmpty() ? "" : modifiers + " ") + (type.isSealed() ? "sealed " : "") + kind;
    }

    private static SortedSet<String> declarations(Class<?> type) {
        SortedSet<String> lines = new TreeSet<>();
        if (type.getSuperclass() != null
                && type.getSuperclass() != Object.class
                && !type.isEnum()
                && !type.isRecord()) {
            lines.add("extends " + name(type.getAnnotatedSuperclass()));
        }
        Arrays.stream(type.getAnnotatedInterfaces()).forEach(each -> lines.add("implements " + name(each)));
        if (type.isSealed()) {
            Arrays.stream(type.getPermittedSubclasses())
                    .filter(PublicApi::isVisible)
                    .forEach(each -> lines.add("permits " + each.getCanonicalName()));
        }
        Arrays.stream(type.getDeclaredFields()).filter(PublicApi::isVisible).forEach(each -> lines.add(line(each)));
        Arrays.stream(type.getDeclaredConstructors())
                .filter(PublicApi::isVisible)
                .forEach(each -> lines.add(line(each)));
        methods(type).filter(each -> isVisible(each) && !isImplied(each)).forEach(each -> lines.add(line(each)));
        return lines;
    }

    /** With those that come from ancestors nobody else can name. */
    private static Stream<Method> methods(Class<?> type) {
        Stream<Method> own = Arrays.stream(type.getDeclaredMethods());
        Class<?> parent = type.getSuperclass();
        return parent == null || isVisible(parent) ? own : Stream.concat(own, methods(parent));
    }

    /** Every type has these. */
    private static boolean isImplied(Method method) {
        boolean isEnum = method.getDeclaringClass().isEnum();
        return (isEnum ? OF_EVERY_ENUM : OF_EVERY_OBJECT).contains(method.getName());
    }

    private static String line(Field field) {
        String text = modifiers(field) + name(field.getAnnotatedType()) + " " + field.getName();
        return Modifier.isStatic(field.getModifiers()) ? text + constant(field) : text;
    }

    /** Callers have such a value compiled in. */
    private static String constant(Field field) {
        if (!field.getType().isPrimitive() && field.getType() != String.class) {
            return "";
        }
        try {
            return " = " + field.get(null);
        } catch (IllegalAccessException e) {
            return "";
        }
    }

    private static String line(Constructor<?> constructor) {
        return modifiers(constructor) + variables(constructor.getTypeParameters()) + "new" + parameters(constructor);
    }

    private static String line(Method method) {
        String variables = variables(method.getTypeParameters());
        return (method.isDefault() ? "default " : "") + modifiers(method) + (variables.isEmpty() ? "" : variables + " ")
                + name(method.getAnnotatedReturnType()) + " " + method.getName() + parameters(method);
    }

    private static String modifiers(Member member) {
        int said = Modifier.PROTECTED | Modifier.ABSTRACT | Modifier.STATIC;
        // Of a final class every method is.
        if (!Modifier.isFinal(member.getDeclaringClass().getModifiers()) || member instanceof Field) {
            said |= Modifier.FINAL;
        }
        String words = Modifier.toString(member.getModifiers() & said);
        // What implementers have to provide is to be seen at the start of a line.
        return words.isEmpty()
                ? ""
                : (words.contains("abstract")
                                        ? "abstract "
                                                + words.replace("abstract", "").strip()
                                        : words)
                                .strip() + " ";
    }

    private static String parameters(Executable executable) {
        List<String> types = Arrays.stream(executable.getAnnotatedParameterTypes())
                .map(PublicApi::name)
                .toList();
        String list = String.join(", ", types);
        String thrown = Arrays.stream(executable.getAnnotatedExceptionTypes())
                .map(PublicApi::name)
                .sorted()
                .collect(joining(", "));
        return "(" + (executable.isVarArgs() ? list.substring(0, list.length() - "[]".length()) + "..." : list) + ")"
                + (thrown.isEmpty() ? "" : " throws " + thrown);
    }

    private static String variables(TypeVariable<?>[] variables) {
        return variables.length == 0
                ? ""
                : Arrays.stream(variables)
                        .map(variable -> variable.getName() + bounds(" extends ", variable.getAnnotatedBounds()))
                        .collect(joining(", ", "<", ">"));
    }

    private static String bounds(String word, AnnotatedType[] bounds) {
        String names = Arrays.stream(bounds).map(PublicApi::name).collect(joining(" & "));
        return names.isEmpty() || names.equals("Object") ? "" : word + names;
    }

    private static String name(AnnotatedType type) {
        String nullness = type.isAnnotationPresent(Nullable.class) ? "@Nullable " : "";
        if (type instanceof AnnotatedArrayType array) {
            return name(array.getAnnotatedGenericComponentType()) + nullness.replaceFirst("^(.)", " $1") + "[]";
        }
        if (type instanceof AnnotatedTypeVariable variable) {
            return nullness + ((TypeVariable<?>) variable.getType()).getName();
        }
        if (type instanceof AnnotatedWildcardType wildcard) {
            return "?" + bounds(" super ", wildcard.getAnnotatedLowerBounds())
                    + bounds(" extends ", wildcard.getAnnotatedUpperBounds());
        }
        if (type instanceof AnnotatedParameterizedType parameterized) {
            return nullness
                    + name((Class<?>) ((ParameterizedType) parameterized.getType()).getRawType())
                    + Arrays.stream(parameterized.getAnnotatedActualTypeArguments())
                            .map(PublicApi::name)
                            .collect(joining(", ", "<", ">"));
        }
        return nullness + name((Class<?>) type.getType());
    }

    private static String name(Class<?> type) {
        String name = type.getCanonicalName();
        return type.getPackageName().equals("java.lang") ? name.substring(name.lastIndexOf('.') + 1) : name;
    }
}
