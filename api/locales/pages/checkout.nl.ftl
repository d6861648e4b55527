# Voor een offerteaanvraag of een bestelling.

checkout-quote-heading = DE OFFERTEAANVRAAG AFRONDEN
checkout-order-heading = DE BESTELLING AFRONDEN
checkout-quote-form = Uw aanvraag
checkout-order-form = Uw bestelling
checkout-quote-button = De offerteaanvraag versturen
checkout-order-button = De bestelling plaatsen
checkout-reference = Uw referentie *
checkout-reference-hint = Verplicht: het nummer of de naam waaronder u deze aankoop volgt.
checkout-comment-hint = U kunt hier desgewenst een opmerking bij uw bestelling achterlaten
checkout-coordinates = Uw gegevens
checkout-addresses = Adressen
checkout-contact = Aangevraagd door
checkout-basket = Uw mandje
checkout-more = { $count ->
    [one] en nog { $count } regel: zie het mandje
   *[other] en nog { $count } regels: zie het mandje
}
checkout-changed = Prijzen gewijzigd sinds het toevoegen
checkout-old = Oud totaal
checkout-new = Nieuw totaal
checkout-difference = Verschil
checkout-reprice = Prijzen bijwerken en verdergaan
