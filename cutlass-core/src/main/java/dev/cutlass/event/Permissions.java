package dev.cutlass.event;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A set of {@link Permission}s. Immutable, for any thread. */
public final class Permissions {
    private static final Permissions ALL = new Permissions(EnumSet.allOf(Permission.class));
    private static final Permissions NONE = new Permissions(EnumSet.noneOf(Permission.class));

    private final Set<Permission> allowed;

    private Permissions(EnumSet<Permission> allowed) {
        this.allowed = Collections.unmodifiableSet(allowed);
    }

    /** Everything that exists: the default for every peer. */
    public static Permissions all() {
        return ALL;
    }

    /** Nothing, not even a connection: the peer sees what a stranger sees whom the policy refuses. */
    public static Permissions none() {
        return NONE;
    }

    /** These and {@code permission}. */
    public Permissions with(Permission permission) {
        EnumSet<Permission> more = copy();
        more.add(permission);
        return new Permissions(more);
    }

    /** These but not {@code permission}. */
    public Permissions without(Permission permission) {
        EnumSet<Permission> fewer = copy();
        fewer.remove(permission);
        return new Permissions(fewer);
    }

    public boolean allows(Permission permission) {
        return allowed.contains(permission);
    }

    /** All that are allowed; unmodifiable. */
    public Set<Permission> asSet() {
        return allowed;
    }

    private EnumSet<Permission> copy() {
        EnumSet<Permission> copy = EnumSet.noneOf(Permission.class);
        copy.addAll(allowed);
        return copy;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Permissions that && allowed.equals(that.allowed);
    }

    @Override
    public int hashCode() {
        return allowed.hashCode();
    }

    @Override
    public String toString() {
        return allowed.toString();
    }
}
