import java.io.FileInputStream;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** Says of each file whether it is PDF/A-3a, and what it breaks. */
public class Pdf {
  public static void main(String[] files) throws Exception {
    VeraGreenfieldFoundryProvider.initialise();
    var foundry = Foundries.defaultInstance();
    for (String file : files) {
      try (PDFAParser parser = foundry.createParser(new FileInputStream(file), PDFAFlavour.PDFA_3_A)) {
        ValidationResult result = foundry.createValidator(PDFAFlavour.PDFA_3_A, false).validate(parser);
        System.out.println(result.isCompliant() ? "compliant" : "not compliant");
        for (TestAssertion each : result.getTestAssertions())
          if (each.getStatus() == TestAssertion.Status.FAILED) System.out.println(each.getRuleId() + " " + each.getMessage());
      }
    }
  }
}
