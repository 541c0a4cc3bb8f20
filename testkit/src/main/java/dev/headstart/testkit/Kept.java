package dev.headstart.testkit;

import dev.headstart.autograd.Op;
import dev.headstart.tensor.Tensor;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What an operator's record keeps: its components that are tensors, or records with tensors in them.
final class Kept {
    private Kept() {}

    /// What takes the place of all numbers of a tensor: a difference is made that one of these shows.
    private static final float[] OTHERS = {Float.NaN, 0, 1};

    /// The components that make no difference: with other numbers in their place, all wanted gradients are as before.
    static List<String> inVain(Op op, boolean[] wanted, Tensor dY) {
        @Nullable
        Tensor[] expected = op.gradients(wanted, dY);
        List<String> vain = new ArrayList<>();
        for (RecordComponent component : components(op)) {
            if (holds(value(op, component)) && !matters(op, component, expected, wanted, dY)) {
                vain.add(component.getName());
            }
        }
        return vain;
    }

    private static boolean holds(@Nullable Object value) {
        return changed(value, 0) != value;
    }

    private static boolean matters(Op op, RecordComponent component, @Nullable Tensor[] expected, boolean[] wanted, Tensor dY) {
        for (float other : OTHERS) {
            Op changed = (Op) with(op, component, changed(value(op, component), other));
            if (!same(expected, changed.gradients(wanted, dY))) {
                return true;
            }
        }
        return false;
    }

    private static RecordComponent[] components(Object value) {
        RecordComponent[] components = value.getClass().getRecordComponents();
        if (components == null) {
            throw new AssertionError(value.getClass() + " is no record");
        }
        return components;
    }

    private static boolean same(@Nullable Tensor[] expected, @Nullable Tensor[] actual) {
        for (int i = 0; i < expected.length; i++) {
            Tensor before = expected[i];
            Tensor now = actual[i];
            if (before != null && now != null && !before.bitsEqual(now)) {
                return false;
            }
        }
        return true;
    }

    /// The value with another number in place of all numbers of its tensors; itself when it has none.
    private static @Nullable Object changed(@Nullable Object value, float number) {
        return switch (value) {
            case Tensor tensor -> tensor.size() == 0 ? tensor : Tensor.full(tensor.shape(), number);
            case Record object -> {
                Object changed = object;
                for (RecordComponent component : components(object)) {
                    Object inside = value(object, component);
                    Object other = changed(inside, number);
                    changed = other == inside ? changed : with(changed, component, other);
                }
                yield changed;
            }
            case Object[] array -> throw new AssertionError("not looked into: " + Arrays.toString(array));
            case Collection<?> collection -> throw new AssertionError("not looked into: " + collection);
            case null, default -> value;
        };
    }

    /// A record with another value for one of its components.
    private static Object with(Object object, RecordComponent changed, @Nullable Object value) {
        RecordComponent[] components = components(object);
        Class<?>[] types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        @Nullable
        Object[] values = Arrays.stream(components).map(c -> c.getName().equals(changed.getName()) ? value : value(object, c)).toArray();
        try {
            Constructor<?> constructor = object.getClass().getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("a record can be made", e);
        }
    }

    private static @Nullable Object value(Object object, RecordComponent component) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(object);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("a record's component can be read", e);
        }
    }
}
