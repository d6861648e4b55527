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
