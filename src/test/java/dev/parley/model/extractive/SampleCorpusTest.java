package dev.parley.model.extractive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.model.Passage;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Questions over passages of the sample corpus, as a search would hand them over.
class SampleCorpusTest {

    private static final List<Passage> PASSAGES = List.of(
            new Passage(1, "warranty.md", """
                    # Warranty

                    ## Frame and fork

                    The frame and the fork of every Halden bike are covered for ten years from the date of delivery.

                    ## Battery

                    The battery of the Halden One is covered by the warranty for four years or 800 full charge cycles, whichever comes
                    first. A battery that holds less than 70 percent of its rated capacity within that time is replaced free of charge. The
                    battery of the Halden Courier is covered for two years, because it is charged daily.
                    """),
            new Passage(2, "warranty.md", """
                    ## Wear

                    Tyres, chains, brake pads and cables are wear parts and are not covered.

                    ## How to claim

                    Write to service@halden.example with the frame number and a photo. A claim is answered within two working days.
                    """),
            new Passage(3, "returns.txt", """
                    RETURNS AND TEST RIDES

                    You can return a new Halden bike within 30 days of delivery if it has been ridden for less than 100 kilometres. We collect
                    it free of charge and refund the full price within seven days of its arrival at the mill.

                    Bikes in a custom colour can only be returned if they are faulty.
                    """),
            new Passage(4, "price-list.csv", """
                    article,name,price_eur,delivery_weeks
                    H1-STD,Halden One,4890,5
                    BAT-720,Spare battery 720 Wh,890,1
                    CHG-4,Charger 4 A,129,1
                    """),
            new Passage(5, "employee-handbook.docx", """
                    # Sick leave

                    Tell your team before 9:00 on the first day. A doctor's note is needed from the fourth day on.

                    # Training

                    The yearly training budget is 1,200 euros and four days for each employee.
                    """),
            new Passage(6, "about-halden.md", """
                    Halden Cycles builds electric cargo bikes in a former paper mill by the river Halden. The
                    company was founded in 2016 by Ines Okafor, a mechanical engineer, and Tomas Reil, who ran a courier service.
                    """));

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            How long is the battery of the Halden One covered by the warranty? | The battery of the Halden One is covered by the warranty for four years or 800 full charge cycles, whichever comes first. [1]
            And the battery of the Courier? | The battery of the Halden Courier is covered for two years, because it is charged daily. [1]
            Are brake pads covered? | Tyres, chains, brake pads and cables are wear parts and are not covered. [2]
            Can I return a bike in a custom colour? | Bikes in a custom colour can only be returned if they are faulty. [3]
            How do I claim? | Write to service@halden.example with the frame number and a photo. [2]
            How much is a charger? | CHG-4,Charger 4 A,129,1 [4]
            When do I need a doctor's note? | A doctor's note is needed from the fourth day on. [5]
            Who founded the company? | The company was founded in 2016 by Ines Okafor, a mechanical engineer, and Tomas Reil, who ran a courier service. [6]
            What is the weather in Lisbon tomorrow? | Nothing in the documents answers this question.
            """)
    void answersHoldTheRightSentence(String question, String sentence) {
        assertThat(Reply.to(Extraction.answer(question, PASSAGES))).contains(sentence);
    }
}
