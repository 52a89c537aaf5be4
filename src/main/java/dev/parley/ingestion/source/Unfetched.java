package dev.parley.ingestion.source;

/// A page that cannot be had now, for a reason that its source's owner may know.
final class Unfetched extends RuntimeException {

    private enum Kind {
        PASSING,
        REFUSED,
        UNASKED
    }

    private final Kind kind;

    private Unfetched(String reason, Kind kind) {
        super(reason);
        this.kind = kind;
    }

    /// It may be had soon.
    static Unfetched passing(String reason) {
        return new Unfetched(reason, Kind.PASSING);
    }

    /// It may be had another day.
    static Unfetched refused(String reason) {
        return new Unfetched(reason, Kind.REFUSED);
    }

    /// It may be had another day, and its server was not asked.
    static Unfetched unasked(String reason) {
        return new Unfetched(reason, Kind.UNASKED);
    }

    boolean isPassing() {
        return kind == Kind.PASSING;
    }

    /// As what was found of a document.
    Finding finding() {
        return switch (kind) {
            case PASSING -> new Finding.Failed(getMessage(), true);
            case REFUSED -> new Finding.Failed(getMessage());
            case UNASKED -> new Finding.Unasked(getMessage());
        };
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
