package dev.parley.ingestion.source;

/// A page that cannot be had now, for a reason that its source's owner may know.
final class Unfetched extends RuntimeException {

    private final boolean passing;

    private Unfetched(String reason, boolean passing) {
        super(reason);
        this.passing = passing;
    }

    /// It may be had soon.
    static Unfetched passing(String reason) {
        return new Unfetched(reason, true);
    }

    /// It may be had another day.
    static Unfetched refused(String reason) {
        return new Unfetched(reason, false);
    }

    boolean isPassing() {
        return passing;
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
