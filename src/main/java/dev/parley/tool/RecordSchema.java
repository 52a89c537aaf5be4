package dev.parley.tool;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The JSON schema of a record of arguments.
final class RecordSchema {

    private static final Set<Class<?>> INTEGERS =
            Set.of(int.class, Integer.class, long.class, Long.class, short.class, Short.class, BigInteger.class);
    private static final Set<Class<?>> NUMBERS =
            Set.of(double.class, Double.class, float.class, Float.class, BigDecimal.class);

    private RecordSchema() {}

    /// @throws IllegalArgumentException for a component of a type that no argument can have
    static ObjectNode of(Class<?> type) {
        ObjectNode schema = JsonNodeFactory.instance.objectNode().put("type", "object");
        ObjectNode properties = schema.putObject("properties");
        var required = schema.putArray("required");
        for (RecordComponent component : type.getRecordComponents()) {
            String name = name(component);
            properties.set(name, property(component));
            if (!isOptional(component)) {
                required.add(name);
            }
        }
        return schema.put("additionalProperties", false);
    }

    private static String name(RecordComponent component) {
        var renamed = component.getAccessor().getAnnotation(JsonProperty.class);
        return renamed == null ? component.getName() : renamed.value();
    }

    private static boolean isOptional(RecordComponent component) {
        return component.getType() == Optional.class
                || component.getAnnotatedType().isAnnotationPresent(Nullable.class);
    }

    private static ObjectNode property(RecordComponent component) {
        ObjectNode schema = schema(component.getGenericType());
        var description = component.getAnnotation(Description.class);
        if (description != null) {
            schema.put("description", description.value());
        }
        constrain(schema, component.getAccessor());
        return schema;
    }

    private static ObjectNode schema(Type type) {
        if (type instanceof ParameterizedType generic) {
            return generic(generic);
        }
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        if (!(type instanceof Class<?> plain)) {
            throw unknown(type);
        }
        if (plain.isRecord()) {
            return of(plain);
        }
        if (plain.isEnum()) {
            var values = schema.put("type", "string").putArray("enum");
            for (Object constant : plain.getEnumConstants()) {
                values.add(constantName(plain, (Enum<?>) constant));
            }
            return schema;
        }
        return schema.put("type", simple(plain));
    }

    private static ObjectNode generic(ParameterizedType type) {
        Type argument = type.getActualTypeArguments()[0];
        if (type.getRawType() == Optional.class) {
            return schema(argument);
        }
        if (type.getRawType() instanceof Class<?> raw && Collection.class.isAssignableFrom(raw)) {
            ObjectNode schema = JsonNodeFactory.instance.objectNode().put("type", "array");
            schema.set("items", schema(argument));
            return schema;
        }
        throw unknown(type);
    }

    private static String simple(Class<?> type) {
        if (type == String.class) {
            return "string";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "boolean";
        }
        if (INTEGERS.contains(type)) {
            return "integer";
        }
        if (NUMBERS.contains(type)) {
            return "number";
        }
        throw unknown(type);
    }

    /// As Jackson reads it.
    private static String constantName(Class<?> type, Enum<?> constant) {
        try {
            var renamed = type.getField(constant.name()).getAnnotation(JsonProperty.class);
            return renamed == null ? constant.name() : renamed.value();
        } catch (NoSuchFieldException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static void constrain(ObjectNode schema, AnnotatedElement accessor) {
        boolean isList = schema.path("type").asText().equals("array");
        var min = accessor.getAnnotation(Min.class);
        var max = accessor.getAnnotation(Max.class);
        var size = accessor.getAnnotation(Size.class);
        var pattern = accessor.getAnnotation(Pattern.class);
        if (min != null) {
            schema.put("minimum", min.value());
        }
        if (max != null) {
            schema.put("maximum", max.value());
        }
        if (size != null && size.min() > 0) {
            schema.put(isList ? "minItems" : "minLength", size.min());
        }
        if (size != null && size.max() < Integer.MAX_VALUE) {
            schema.put(isList ? "maxItems" : "maxLength", size.max());
        }
        if (accessor.isAnnotationPresent(NotBlank.class)) {
            schema.put("minLength", Math.max(1, schema.path("minLength").asInt()))
                    .put("pattern", "\\S");
        }
        if (pattern != null) {
            schema.put("pattern", "^(?:" + pattern.regexp() + ")$");
        }
    }

    private static IllegalArgumentException unknown(Type type) {
        return new IllegalArgumentException("No argument of a tool can be a " + type.getTypeName());
    }
}
