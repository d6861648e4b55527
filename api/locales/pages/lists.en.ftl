# Importing a list into a basket.

list-ready = Can be added
list-not-orderable = Can be added. Availability reported: { $availability }
list-added-to-another = Same article as on line { $line }: its copies count there
list-ean-missing = The EAN is missing
list-ean-damaged = The spreadsheet has rounded this number: its last digits are lost. Give the column the format Text and enter it again
list-ean-malformed = This is no EAN: 13 digits, or 10 for an old ISBN
list-wrong-check-digit = Mistyped: the last digit should be { $expected }
list-unknown-article = Your bookshop’s catalogue does not have this article
list-quantity-not-whole = The quantity is not a whole number
list-quantity-out-of-range = The quantity is between 1 and 9999
list-reference-too-long = The reference has more than 200 characters
list-no-room = The basket would have more than 2000 lines
list-title = Import a list
list-paste = Paste a list
list-paste-hint = One line for each article: EAN, quantity, reference. A selection copied from a spreadsheet will do.
list-file = Or choose a file
list-file-hint = CSV, XLSX or ODS, at most 1 MB and 5,000 lines.
list-check = Check the list
list-back = Back to the basket
list-how = How the list is read
list-how-columns = Columns are recognised by their header (EAN or ISBN, Quantity, Reference), in any order, or by what they hold. Without a quantity it is one copy. Nothing is added before you have seen it.
list-how-excel = In a spreadsheet, give the column of EANs the format Text: otherwise the last digits may be lost (9.78E+12).
list-good = { $count ->
    [0] No line can be added
    [one] { $count } line can be added
   *[other] { $count } lines can be added
}
list-bad = { $count ->
    [one] { $count } line to mend
   *[other] { $count } lines to mend
}
list-added = { $count ->
    [one] { $count } line was added to the basket. The rest has to be mended.
   *[other] { $count } lines were added to the basket. The rest has to be mended.
}
list-read = Read like this:
list-read-header = header on line { $count }
list-read-ean = EAN in column { $count }
list-read-quantity = quantity in column { $count }
list-read-reference = reference in column { $count }
list-take = Add
list-take-line = Add line { $count }
list-line = Line
list-untitled = unknown title
list-verdict = Check
list-together = including line { $lines }
list-mend = Lines to mend
list-rest = EAN; quantity; reference
list-rest-hint = Mend them here, then “Check again”. What stays here is not added and not lost.
list-add = Add the ticked lines
list-again = Check again
list-other = Another list
notice-list-added = The ticked lines were added to the basket.

# Copying a basket or an order.

copy-basket = Copy to a new basket
copy-order = Order again
copy-of-basket = Copy of basket no. { $number }
copy-of-order = After order no. { $number }
copied-title = Basket copied
copied-whole = All lines were copied, at today’s prices.
copied-missing = { $count ->
    [one] { $count } article is no longer in the catalogue and was not copied. The other lines have today’s prices.
   *[other] { $count } articles are no longer in the catalogue and were not copied. The other lines have today’s prices.
}
copied-see = See the new basket
notice-basket-copied = The lines were copied to this new basket, at today’s prices.

# Good to know. Nothing of it hinders anybody.

warning-title = Good to know
warning-ordered = Ordered already on { $day }: order no. { $number }, { $count ->
    [one] { $count } copy
   *[other] { $count } copies
}
warning-received = Received already: order no. { $number } of { $day }, { $count ->
    [one] { $count } copy
   *[other] { $count } copies
}
warning-in-basket = Already in basket no. { $number } of { $owner }, sent on { $day }: { $count ->
    [one] { $count } copy
   *[other] { $count } copies
}
warning-in-own-draft = Already in your basket no. { $number }: { $count ->
    [one] { $count } copy
   *[other] { $count } copies
}
warning-not-orderable = Availability reported: { $availability }
warning-gone = No longer in your bookshop’s catalogue
warning-price-changed = The price has changed: { $old } when it was added, { $new } today
warning-discount-changed = The discount has changed: { $old } % when it was added, { $new } % today
warning-above-cap = Discount beyond the cap of { $percent } %: { $law }
law-france-art-1 = French act of 10 August 1981, art. 1
law-france-art-3 = French act of 10 August 1981, art. 3
law-flanders = Flemish decree of 23 December 2016
law-french-community = decree of the French Community of 19 October 2017
rate-capped = Discount capped at { $percent } %: { $law }
warning-more = { $count ->
    [one] … and { $count } more line
   *[other] … and { $count } more lines
}
