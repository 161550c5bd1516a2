package dev.cutlass.event;

/**
 * Something that a peer shares.
 *
 * @param folder no file
 * @param length bytes, of a folder 0
 * @param modified milliseconds since 1970, -1: unknown
 * @param name as it is to be asked for; a stranger's words
 */
public record FileEntry(boolean folder, long length, long modified, String name) {}
