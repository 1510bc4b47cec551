import java.io.File;
import java.util.Map;
import java.util.TreeMap;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

/** Says of each PDF whether it keeps the rules of PDF/UA-1 that a machine can check. */
public class Check {
  public static void main(String[] files) throws Exception {
    VeraGreenfieldFoundryProvider.initialise();
    for (String file : files) {
      try (PDFAParser read = Foundries.defaultInstance().createParser(new File(file), PDFAFlavour.PDFUA_1)) {
        tell(file, Foundries.defaultInstance().createValidator(PDFAFlavour.PDFUA_1, false).validate(read));
      }
    }
  }

  private static void tell(String file, ValidationResult found) {
    System.out.println((found.isCompliant() ? "PASS " : "FAIL ") + found.getTotalAssertions() + " " + file);
    Map<String, Integer> broken = new TreeMap<>();
    for (TestAssertion one : found.getTestAssertions()) {
      if (one.getStatus() == TestAssertion.Status.FAILED) {
        broken.merge(one.getRuleId().getClause() + " " + one.getMessage(), 1, Integer::sum);
      }
    }
    broken.forEach((rule, times) -> System.out.println("  " + times + " x " + rule));
  }
}
