# Mon compte client.

account-title = Mon compte client
account-about = Mes informations
account-name = Nom
account-email = Email
account-role = Droits
account-shop = Librairie
account-institutions = Client(s) affecté(s)
account-institutions-more = { $count ->
    [one] Voir { $count } autre client
   *[other] Voir { $count } autres clients
}
account-password = Mot de passe
account-password-lead = En changeant de mot de passe, vous fermez vos sessions ouvertes ailleurs.
account-password-button = Changer le mot de passe
account-sections = Rubriques du compte
account-details = Nom et téléphone
account-phone = Téléphone
account-details-button = Enregistrer
account-new-email-title = Email de connexion
account-new-email = Nouvel email
account-new-email-lead = Un lien est envoyé à la nouvelle adresse ; l'actuelle vaut jusqu'à sa confirmation.
account-new-email-button = Recevoir le lien
account-pending-email = { $email } attend d'être confirmée par son lien.
account-not-yours = Vous agissez pour le compte d'un collègue : revenez à votre nom pour changer ce qui est à vous.
act-for-oneself = Revenir à mon nom

sessions-title = Sessions ouvertes
sessions-lead = Les navigateurs et les programmes où vous êtes connecté. Fermez ce que vous ne reconnaissez pas, puis changez de mot de passe.
sessions-begun = Ouverte le
sessions-seen = Dernière activité
sessions-ends = Se ferme au plus tard le
sessions-this = Cette session
sessions-in-place = à la place d'un collègue
sessions-end = Fermer
sessions-end-that = Fermer la session ouverte le { $moment }
sessions-end-others = Fermer toutes les autres sessions

factor-title = Second facteur
factor-enabled = En service : un code est demandé à chaque connexion.
factor-disabled = Pas en service : votre mot de passe suffit pour entrer.
factor-begin-title = Protéger la connexion par un code
factor-begin-lead = Une application d'authentification affiche un code qui change toutes les trente secondes ; il vous sera demandé après le mot de passe.
factor-begin = Commencer
factor-prove-title = Relier votre application
factor-prove-lead = Photographiez cette image avec votre application d'authentification, ou saisissez-y la clé, puis tapez ici le code qu'elle affiche. La clé n'est montrée qu'une fois.
factor-prove-again = Tapez le code que votre application affiche maintenant. L'image n'a pas pu être photographiée ?
factor-begin-again = Recommencer
factor-picture = Image à photographier avec une application d'authentification ; la clé suit en toutes lettres.
factor-secret = Clé :
factor-code = Code à six chiffres, ou code de secours
factor-confirm = Mettre en service
factor-enabled-now = Le second facteur est en service ; vos autres sessions sont fermées.
factor-codes = Vos codes de secours
factor-codes-lead = Chacun remplace une fois le code de l'application, si vous n'y avez plus accès. Imprimez-les ou recopiez-les maintenant : ils ne seront plus montrés.
factor-codes-kept = Je les ai conservés
factor-give-up-title = Ne plus demander de code
factor-give-up-lead = Votre mot de passe suffira de nouveau pour entrer.
factor-give-up = Désactiver le second facteur

delegations-title = Délégations
delegations-received = Qui me donne délégation
delegations-received-empty = Personne ne vous donne délégation. Quand un collègue le fait, vous le remplacez d'ici.
delegations-given = Qui agit à ma place
delegations-given-empty = Vous n'avez donné aucune délégation. Avant une absence, choisissez un collègue : il validera pour votre compte, sous les deux noms.
delegation-from = Pour le compte de
delegation-to = Délégué
delegation-first-day = Premier jour
delegation-last-day = Dernier jour
delegation-last-day-hint = Inclus ; au plus 90 jours en tout.
delegation-email = Email du collègue
delegation-email-hint = Un collègue actif d'un de vos établissements.
delegation-today = En cours
delegation-give = Donner délégation
delegation-give-lead = Il agit avec vos droits, et l'historique garde les deux noms.
delegation-revoke = Retirer
delegation-revoke-name = Retirer la délégation de { $name }
act-for = Agir à sa place
act-for-name = Agir à la place de { $name }
substitution-lead = Votre compte a le pouvoir de substitution : vous pouvez ouvrir une session à la place d'un autre compte de vos établissements.
