package dev.parley.usage;

import dev.parley.invocation.Deadline;
import jakarta.enterprise.context.ApplicationScoped;

/// Pays for calls outside turns: a search's query, a document's vectors.
@ApplicationScoped
public class Purses {

    private final Admissions admissions;
    private final TopUps topUps;
    private final Leases leases;
    private final Settlements settlements;

    Purses(Admissions admissions, TopUps topUps, Leases leases, Settlements settlements) {
        this.admissions = admissions;
        this.topUps = topUps;
        this.leases = leases;
        this.settlements = settlements;
    }

    /// Costs nothing until the first call that has a price.
    ///
    /// @param deadline of the invocation that the calls belong to: it ends them, and waits for the settlement
    public Purse open(Payer payer, Deadline deadline) {
        return new Purse(payer, deadline, this);
    }

    /// @param work what the purse's calls are waited for in
    /// @throws dev.parley.problem.Problem (429) for a rate or a budget
    Open admit(Admission admission, Interruptible work, Deadline deadline) {
        return switch (admissions.admit(admission)) {
            case Verdict.Admitted admitted -> {
                Lease lease = leases.keep(admitted.ticket(), work, deadline);
                yield new Open(lease, topUps.open(lease));
            }
            case Verdict.Repeated _ -> throw new IllegalStateException("It has no idempotency key");
        };
    }

    void settle(Open open) {
        try (Lease lease = open.lease) {
            TurnStatus status = open.spend.paid().isEmpty() ? TurnStatus.FAILED : TurnStatus.COMPLETED;
            settlements.settleSurely(
                    new Settlement(lease.ticket(), status, open.spend.paid(), null, Settlement.Outcome.FORGOTTEN));
        }
    }

    /// What was admitted and is to be settled.
    record Open(Lease lease, TurnSpend spend) {}
}
