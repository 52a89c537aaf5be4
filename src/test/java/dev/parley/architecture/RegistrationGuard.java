package dev.parley.architecture;

import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializationConfig;
import com.fasterxml.jackson.databind.deser.BeanDeserializerModifier;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.BeanSerializerModifier;
import java.util.function.Predicate;

/// Makes Jackson refuse a type of ours that a native image would not let it look into.
final class RegistrationGuard extends SimpleModule {

    private final transient Predicate<Class<?>> isUnregistered;

    RegistrationGuard(Predicate<Class<?>> isUnregistered) {
        super(RegistrationGuard.class.getName());
        this.isUnregistered = isUnregistered;
        setSerializerModifier(new BeanSerializerModifier() {
            @Override
            public JsonSerializer<?> modifySerializer(
                    SerializationConfig config, BeanDescription type, JsonSerializer<?> serializer) {
                check(type.getBeanClass());
                return serializer;
            }
        });
        setDeserializerModifier(new BeanDeserializerModifier() {
            @Override
            public JsonDeserializer<?> modifyDeserializer(
                    DeserializationConfig config, BeanDescription type, JsonDeserializer<?> deserializer) {
                check(type.getBeanClass());
                return deserializer;
            }
        });
    }

    private void check(Class<?> type) {
        if (isUnregistered.test(type)) {
            throw new IllegalStateException(type.getName() + " passes Jackson and lacks @RegisterForReflection");
        }
    }
}
