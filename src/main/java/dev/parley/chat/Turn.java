package dev.parley.chat;

import dev.parley.telemetry.FunctionMetrics;
import dev.parley.usage.Lease;
import dev.parley.usage.Leases;
import dev.parley.usage.TopUps;
import dev.parley.usage.TurnSpend;
import jakarta.enterprise.context.ApplicationScoped;

/// One admitted turn: gather, generate, emit, settle. No database connection is held while a model is awaited. Whether
/// anybody still listens makes no difference: the turn finishes, and is paid.
@ApplicationScoped
class Turn {

    private final Leases leases;
    private final TopUps topUps;
    private final Generator generator;
    private final Settlement settlement;
    private final FunctionMetrics metrics;

    Turn(Leases leases, TopUps topUps, Generator generator, Settlement settlement, FunctionMetrics metrics) {
        this.leases = leases;
        this.topUps = topUps;
        this.generator = generator;
        this.settlement = settlement;
        this.metrics = metrics;
    }

    /// Never throws for what goes wrong in the turn: that is an outcome like any other.
    Told run(AdmittedTurn turn, Face face, TurnFrames out) {
        try (Lease lease = leases.keep(turn.ticket(), turn.asker().deadline())) {
            TurnSpend spend = topUps.open(lease);
            Generated generated = generator.generate(turn, new Progress(lease, spend, face, out));
            measure(turn, generated);
            out.ending();
            Told told = face.end(generated.result(), out);
            return settlement.settle(turn, generated, spend, told, out);
        }
    }

    private void measure(AdmittedTurn turn, Generated generated) {
        Receipt.Answerer answerer = generated.result().receipt().answerer();
        if (answerer != null && turn.manner().streamed()) {
            metrics.firstToken(Math.round(answerer.timeToFirstTokenMs()));
        }
    }
}
