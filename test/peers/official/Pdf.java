import java.io.FileInputStream;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** Says of each file whether it is PDF/A-3a and PDF/UA-1, and what it breaks. */
public class Pdf {
  public static void main(String[] files) throws Exception {
    VeraGreenfieldFoundryProvider.initialise();
    var foundry = Foundries.defaultInstance();
    for (String file : files) {
      for (PDFAFlavour flavour : new PDFAFlavour[] {PDFAFlavour.PDFA_3_A, PDFAFlavour.PDFUA_1}) {
        try (PDFAParser parser = foundry.createParser(new FileInputStream(file), flavour)) {
          ValidationResult result = foundry.createValidator(flavour, false).validate(parser);
          System.out.println(flavour.getId() + (result.isCompliant() ? " compliant" : " not compliant"));
          for (TestAssertion each : result.getTestAssertions())
            if (each.getStatus() == TestAssertion.Status.FAILED) System.out.println(each.getRuleId() + " " + each.getMessage());
        }
      }
    }
  }
}
