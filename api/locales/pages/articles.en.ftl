# Articles of the catalogue.

search-title = Find articles
search-label = Find an article
search-hint = EAN, or words of title, author or publisher: the first two letters are enough.
search-nothing-asked = Type an EAN or a few words: the articles of your bookshop's catalogue appear here.
search-nothing-found = No article matches. Check the spelling, or try fewer words.
search-found = { $count ->
    [one] { $count } article
   *[other] { $count } articles
}
search-first = First { $count } articles
target-basket = Articles go into:
target-new = The first article opens a new basket.
target-other = Choose another basket
target-closed = The basket you asked for cannot be changed now: articles go into another one.
target-choose = Change
article-public-price = Public price incl. tax
article-your-price = Your price incl. tax
article-discount = discount { $rate }
article-add = Add to the basket
article-availability = Availability
article-not-now = You can add it: the line stays “deferred” while it is missing.
article-author = Author
article-publisher = Publisher
article-ean = EAN13 code
article-vat = VAT
article-kind = Kind
article-kind-book = Book
article-kind-school_book = School book
article-kind-press = Press
article-kind-other = Other article
article-language = Language
article-published = Publication date
article-back = Back to the search
article-language-fr = French
article-language-nl = Dutch
article-language-en = English
article-language-de = German
article-language-es = Spanish
article-language-it = Italian
