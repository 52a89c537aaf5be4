package dev.parley.model.extractive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.model.Passage;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What the extractive model quotes for questions over varied documents. A case names the sentence that must come
/// first; others may follow.
class QuotationTest {

    private static final List<Passage> POST = passages("""
            Parcels are kept at the counter. A parcel may stay at the counter for nine days. After that it goes back to
            the sender at no charge. Letters are not kept.
            """, """
            The counter opens at 8:30 and closes at 18:00. On Saturdays it closes at noon.
            """, """
            ## Sending abroad

            A customs form is needed for parcels to countries outside the customs union. Batteries must not be sent by air.
            """);

    private static final List<Passage> DISHWASHER = passages("""
            # Dishwasher D40

            ## Salt
            Refill the salt when the S light is on. Use coarse salt only; table salt damages the softener.

            ## Error codes
            | Code | Meaning | Remedy |
            |------|---------|--------|
            | E04 | Door not closed | Close the door until it clicks |
            | E17 | Water inlet blocked | Clean the inlet filter |
            | E25 | Pump blocked | Remove the pump cover and clean it |
            """, """
            The appliance uses 9.5 litres of water in the eco programme, which takes
            three hours and forty minutes. The quick programme takes 29 minutes and
            is not meant for pots.
            """);

    private static final List<Passage> PRICES = passages("""
            article,name,price_eur,delivery_weeks
            H1-STD,Halden One,4890,5
            BAT-720,Spare battery 720 Wh,890,1
            SEAT-KID,Child seat for the Halden One,149,2
            """);

    private static final List<Passage> GERMAN = passages("""
            Die Garantiezeit beträgt zwei Jahre ab Kaufdatum. Verschleißteile wie Dichtungen sind von der Garantie
            ausgeschlossen. Bei Fragen hilft z. B. Frau Dr. Weber weiter.
            """, """
            Die Kündigung muss dem Vermieter bis zum 3. Werktag eines Monats schriftlich zugehen. Die Kaution beträgt drei
            Monatsmieten. Haustiere sind nach Absprache erlaubt.
            """);

    private static final List<Passage> FRENCH = passages("""
            Le musée est ouvert du mardi au dimanche, de 10 h à 18 h. L'entrée est gratuite pour les moins de 26 ans. Les
            chiens ne sont pas admis, à l'exception des chiens guides.
            """, """
            Le remboursement est effectué sous quatorze jours après réception du colis.
            """);

    private static final List<Passage> JAPANESE = passages("""
            保証期間は購入日から三年間です。電池は保証の対象外です。修理の依頼は電話で受け付けています。
            """, """
            営業時間は午前九時から午後六時までです。日曜日は休業します。
            """);

    private static final List<Passage> MEDICINE = passages("""
            Take one tablet twice a day with water. Do not take more than four tablets in 24 hours. Children under
            twelve must not take this medicine.
            """, """
            Store below 25 °C. Do not freeze. Alcohol increases the risk of drowsiness.
            """);

    private static final List<Passage> LAW = passages("""
            § 12 The tenant may keep small animals without permission. Dogs and cats require the landlord's consent.
            § 13 The deposit is repaid six months after the end of the tenancy.
            """);

    private static final List<Passage> PHYSICS = passages("""
            The boundary layer on a flat plate becomes turbulent at a Reynolds number of about 500,000. Heat transfer
            rises sharply there. Surface roughness moves the transition upstream.
            """);

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void theBestSentenceComesFirst(String question, List<Passage> passages, Quote expected) {
        assertThat(Extraction.answer(question, passages))
                .isInstanceOfSatisfying(Answer.Quotes.class, answer -> assertThat(answer.quotes())
                        .startsWith(expected)
                        .hasSizeLessThanOrEqualTo(3));
    }

    static Stream<Arguments> theBestSentenceComesFirst() {
        return Stream.of(
                // a handbook, in prose
                quoted(
                        "How long may a parcel stay at the counter?",
                        POST,
                        1,
                        "A parcel may stay at the counter for nine days."),
                quoted("When does the counter close on Saturdays?", POST, 2, "On Saturdays it closes at noon."),
                quoted(
                        "Do I need a customs form?",
                        POST,
                        3,
                        "A customs form is needed for parcels to countries outside the customs union."),
                quoted("can batteries be sent by air", POST, 3, "Batteries must not be sent by air."),
                quoted("And letters?", POST, 1, "Letters are not kept."),
                // rows of tables
                quoted(
                        "What does error E17 mean?",
                        DISHWASHER,
                        1,
                        "| E17 | Water inlet blocked | Clean the inlet filter |"),
                quoted(
                        "The door is not closed, which code is that?",
                        DISHWASHER,
                        1,
                        "| E04 | Door not closed | Close the door until it clicks |"),
                quoted("What is the price of a spare battery?", PRICES, 1, "BAT-720,Spare battery 720 Wh,890,1"),
                quoted("How much is the child seat?", PRICES, 1, "SEAT-KID,Child seat for the Halden One,149,2"),
                // lines broken in mid-sentence
                quoted(
                        "How much water does the eco programme use?",
                        DISHWASHER,
                        2,
                        "The appliance uses 9.5 litres of water in the eco programme, which takes three hours and forty minutes."),
                quoted(
                        "Is the quick programme good for pots?",
                        DISHWASHER,
                        2,
                        "The quick programme takes 29 minutes and is not meant for pots."),
                quoted(
                        "What kind of salt may I use?",
                        DISHWASHER,
                        1,
                        "Use coarse salt only; table salt damages the softener."),
                // German
                quoted(
                        "Welche Garantiezeit gilt ab Kaufdatum?",
                        GERMAN,
                        1,
                        "Die Garantiezeit beträgt zwei Jahre ab Kaufdatum."),
                quoted(
                        "Sind Dichtungen ausgeschlossen?",
                        GERMAN,
                        1,
                        "Verschleißteile wie Dichtungen sind von der Garantie ausgeschlossen."),
                quoted(
                        "Bis wann muss die Kündigung zugehen?",
                        GERMAN,
                        2,
                        "Die Kündigung muss dem Vermieter bis zum 3. Werktag eines Monats schriftlich zugehen."),
                quoted("Wie hoch ist die Kaution?", GERMAN, 2, "Die Kaution beträgt drei Monatsmieten."),
                quoted("Wer hilft bei Fragen?", GERMAN, 1, "Bei Fragen hilft z. B. Frau Dr. Weber weiter."),
                // French, also without accents
                quoted(
                        "Quand le musée est-il ouvert ?",
                        FRENCH,
                        1,
                        "Le musée est ouvert du mardi au dimanche, de 10 h à 18 h."),
                quoted(
                        "les chiens sont-ils admis",
                        FRENCH,
                        1,
                        "Les chiens ne sont pas admis, à l'exception des chiens guides."),
                quoted("entree gratuite", FRENCH, 1, "L'entrée est gratuite pour les moins de 26 ans."),
                // Japanese
                quoted("保証期間はどのくらいですか。", JAPANESE, 1, "保証期間は購入日から三年間です。"),
                quoted("電池は保証されますか", JAPANESE, 1, "電池は保証の対象外です。"),
                quoted("日曜日は営業していますか", JAPANESE, 2, "日曜日は休業します。"),
                // negation and numbers
                quoted(
                        "How many tablets may I take in 24 hours?",
                        MEDICINE,
                        1,
                        "Do not take more than four tablets in 24 hours."),
                quoted(
                        "May children take the medicine?",
                        MEDICINE,
                        1,
                        "Children under twelve must not take this medicine."),
                quoted("Is alcohol a risk?", MEDICINE, 2, "Alcohol increases the risk of drowsiness."),
                quoted("Do dogs require consent?", LAW, 1, "Dogs and cats require the landlord's consent."),
                quoted(
                        "When is the deposit repaid?",
                        LAW,
                        1,
                        "§ 13 The deposit is repaid six months after the end of the tenancy."),
                quoted(
                        "At which Reynolds number is the boundary layer turbulent?",
                        PHYSICS,
                        1,
                        "The boundary layer on a flat plate becomes turbulent at a Reynolds number of about 500,000."));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void whatNoSentenceSpeaksOfIsNotAnswered(String question, List<Passage> passages) {
        assertThat(Extraction.answer(question, passages)).isEqualTo(new Answer.NothingFits());
    }

    static Stream<Arguments> whatNoSentenceSpeaksOfIsNotAnswered() {
        return Stream.of(
                Arguments.of("What is the capital of France?", POST),
                Arguments.of("Who invented the telephone?", DISHWASHER),
                Arguments.of("How do I reset my password?", PRICES),
                Arguments.of("Wie wird das Wetter morgen in Hamburg?", GERMAN),
                Arguments.of("Quel est le prix du parking souterrain ?", FRENCH),
                Arguments.of("富士山の高さは何メートルですか", JAPANESE),
                Arguments.of("Which airline flies to Lisbon?", MEDICINE),
                Arguments.of("What are the symptoms of influenza?", PHYSICS),
                // with a word or two of the documents
                Arguments.of("Can I pay by credit card at the counter?", POST),
                Arguments.of("Which newspaper reported about batteries yesterday?", POST),
                Arguments.of("How loud is the dishwasher in decibels during drying?", DISHWASHER),
                Arguments.of("Welche Heizung hat die Wohnung des Vermieters?", GERMAN),
                Arguments.of("Who won the football championship in the water stadium?", DISHWASHER),
                Arguments.of("Does the mayor of Lisbon keep dogs?", LAW),
                Arguments.of("", LAW),
                Arguments.of("???", LAW));
    }

    private static Arguments quoted(String question, List<Passage> passages, int passage, String sentence) {
        return Arguments.of(question, passages, new Quote(sentence, passage));
    }

    private static List<Passage> passages(String... texts) {
        return IntStream.range(0, texts.length)
                .mapToObj(i -> new Passage(i + 1, "document", texts[i]))
                .toList();
    }
}
