import Hummingbird
import Web
import Words

extension PortalParts {
    /// What stands around a cardholder's page; the portal's own name where no merchant is known.
    func frame(_ request: Request, _ context: PortalContext, brand: String? = nil) -> Frame {
        Frame(
            brand: brand ?? phrases(context).text("layout.portal"),
            switchAddress: LanguageChoice.switchAddress(request, to: context.language.other))
    }

    /// The words of the visitor's language.
    func phrases(_ context: some WebContext) -> Phrases {
        pages.vocabulary[context.language]
    }
}
