package dev.parley.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.properties.HasAnnotations;
import dev.parley.postgres.Json;
import jakarta.ws.rs.HttpMethod;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// The project's types that Jackson reads or writes, as far as class files tell: bodies of HTTP methods, what is read
/// from JSON, whatever carries a Jackson annotation, and all that these hold.
final class SerialisedTypes {

    private static final String JACKSON = "com.fasterxml.jackson.annotation";

    private final String root;
    private final JavaClasses classes;

    SerialisedTypes(String root, JavaClasses classes) {
        this.root = root;
        this.classes = classes;
    }

    /// Their class names, interfaces aside: those are looked into through their implementations.
    Set<String> names() {
        var found = new TreeSet<String>();
        var open = new ArrayDeque<JavaClass>();
        classes.stream().flatMap(this::startingPoints).forEach(open::add);
        while (!open.isEmpty()) {
            JavaClass type = open.pop();
            if (isOurs(type) && found.add(type.getName())) {
                open.addAll(type.getSubclasses());
                type.getFields().stream().flatMap(this::held).forEach(open::add);
            }
        }
        found.removeIf(name -> classes.contain(name) && classes.get(name).isInterface());
        return found;
    }

    private Stream<JavaClass> startingPoints(JavaClass type) {
        Stream<JavaClass> bodies = type.getMethods().stream()
                .filter(SerialisedTypes::isHttpMethod)
                .flatMap(method -> method.getAllInvolvedRawTypes().stream());
        Stream<JavaClass> read = readsJson(type)
                ? type.getReferencedClassObjects().stream().map(reference -> reference.getRawType())
                : Stream.empty();
        Stream<JavaClass> referred = type.isAssignableTo("com.fasterxml.jackson.core.type.TypeReference")
                ? type.getSuperclass().stream().flatMap(parent -> parent.getAllInvolvedRawTypes().stream())
                : Stream.empty();
        Stream<JavaClass> annotated = carriesJackson(type) ? Stream.of(type) : Stream.empty();
        return Stream.of(bodies, read, referred, annotated).flatMap(types -> types);
    }

    private Stream<JavaClass> held(JavaField field) {
        boolean isState = !field.getModifiers().contains(JavaModifier.STATIC);
        return isState ? field.getAllInvolvedRawTypes().stream() : Stream.empty();
    }

    private boolean isOurs(JavaClass type) {
        return type.getPackageName().startsWith(root) && !type.isAnnotation() && classes.contain(type.getName());
    }

    private static boolean isHttpMethod(JavaMethod method) {
        return method.getAnnotations().stream()
                .anyMatch(annotation -> annotation.getRawType().isAnnotatedWith(HttpMethod.class));
    }

    private static boolean readsJson(JavaClass type) {
        return type.getMethodCallsFromSelf().stream()
                .anyMatch(call -> call.getTargetOwner().isEquivalentTo(Json.class)
                        && call.getName().equals("read"));
    }

    private static boolean carriesJackson(JavaClass type) {
        Stream<HasAnnotations<?>> members = Stream.concat(
                Stream.of(type),
                Stream.concat(
                        type.getMembers().stream(),
                        type.getCodeUnits().stream()
                                .map(JavaCodeUnit::getParameters)
                                .flatMap(List::stream)));
        return members.flatMap(member -> member.getAnnotations().stream())
                .anyMatch(annotation -> annotation.getRawType().getPackageName().startsWith(JACKSON));
    }
}
