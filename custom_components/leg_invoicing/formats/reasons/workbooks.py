"""What is refused of workbooks, and of archives."""

from ...billing.reasons import Text

NO_SHEET = Text(
    en="the workbook has none of the sheets {wanted}, only: {there}",
    de="die Arbeitsmappe hat keines der Blätter {wanted}, nur: {there}",
    fr="le classeur n’a aucune des feuilles {wanted}, seulement: {there}",
    it="la cartella non ha nessuno dei fogli {wanted}, solo: {there}",
)
DAMAGED = Text(
    en="this is not a workbook that can be read ({error}); export it again",
    de="das ist keine lesbare Arbeitsmappe ({error}); exportiere sie noch einmal",
    fr="ce n’est pas un classeur lisible ({error}); exportez-le à nouveau",
    it="non è una cartella leggibile ({error}); esportala di nuovo",
)
PART_MISSING = Text(
    en="{path} is missing",
    de="{path} fehlt",
    fr="{path} manque",
    it="manca {path}",
)
UNUSUAL_PART = Text(
    en="{path} is compressed in an unusual way",
    de="{path} ist auf ungewöhnliche Art komprimiert",
    fr="{path} est comprimé d’une manière inhabituelle",
    it="{path} è compresso in modo insolito",
)
TOO_MANY_TEXTS = Text(
    en="too many texts; split the file by time",
    de="zu viele Texte; teile die Datei nach der Zeit auf",
    fr="trop de textes; divisez le fichier par dates",
    it="troppi testi; dividi il file per date",
)
WRONG_ROW = Text(
    en="a row has the number {number!r}; export the file again",
    de="eine Zeile hat die Nummer «{number}»; exportiere die Datei noch einmal",
    fr="une ligne a le numéro «{number}»; exportez à nouveau le fichier",
    it="una riga ha il numero «{number}»; esporta di nuovo il file",
)
NO_PLACE = Text(
    en="a cell is at {place!r}, which is no place; export the file again",
    de="eine Zelle ist an «{place}», was kein Ort ist; exportiere die Datei noch einmal",
    fr="une cellule est à «{place}», qui n’est pas un endroit; exportez à nouveau le fichier",
    it="una cella è a «{place}», che non è un posto; esporta di nuovo il file",
)
TOO_WIDE = Text(
    en="a row has more than {most} cells; export the file again",
    de="eine Zeile hat mehr als {most} Zellen; exportiere die Datei noch einmal",
    fr="une ligne a plus de {most} cellules; exportez à nouveau le fichier",
    it="una riga ha più di {most} celle; esporta di nuovo il file",
)
NO_TEXT = Text(
    en="a cell refers to text {number!r}, which is not there; export the file again",
    de="eine Zelle verweist auf den Text «{number}», den es nicht gibt; exportiere die Datei noch einmal",
    fr="une cellule renvoie au texte «{number}», qui n’existe pas; exportez à nouveau le fichier",
    it="una cella rimanda al testo «{number}», che non c’è; esporta di nuovo il file",
)
COLUMN = Text(
    en="column {number}",
    de="Spalte {number}",
    fr="colonne {number}",
    it="colonna {number}",
)
NO_VALUES = Text(
    en="the sheet holds no values; export it again",
    de="das Blatt enthält keine Werte; exportiere es noch einmal",
    fr="la feuille ne contient pas de valeurs; exportez-la à nouveau",
    it="il foglio non contiene valori; esportalo di nuovo",
)
VALUES_WITHOUT_TIME = Text(
    en="values stand here without a time in column A; export the file again",
    de="hier stehen Werte ohne eine Zeit in Spalte A; exportiere die Datei noch einmal",
    fr="des valeurs sont ici sans heure dans la colonne A; exportez à nouveau le fichier",
    it="qui ci sono valori senza un’ora nella colonna A; esporta di nuovo il file",
)
NO_TIME = Text(
    en="{text!r} is no time; it must be a date with time, or a text like 31.12.2026 23:45",
    de="«{text}» ist keine Zeit; es muss ein Datum mit Uhrzeit sein, oder ein Text wie 31.12.2026 23:45",
    fr="«{text}» n’est pas une heure; il faut une date avec l’heure, ou un texte comme 31.12.2026 23:45",
    it="«{text}» non è un’ora; deve essere una data con l’ora, o un testo come 31.12.2026 23:45",
)
NO_BEGINNING = Text(
    en="{time} is no local time at which an interval begins; export the file again",
    de="{time} ist keine örtliche Zeit, zu der ein Intervall beginnt; exportiere die Datei noch einmal",
    fr="{time} n’est pas une heure locale à laquelle un intervalle commence; exportez à nouveau le fichier",
    it="{time} non è un’ora locale in cui inizia un intervallo; esporta di nuovo il file",
)
TWO_COLUMNS = Text(
    en="{point} has two columns “{label}”; keep one",
    de="{point} hat zwei Spalten «{label}»; behalte eine",
    fr="{point} a deux colonnes «{label}»; gardez-en une",
    it="{point} ha due colonne «{label}»; tienine una",
)
NO_COLUMNS = Text(
    en="no column of energies is named above the values: the rows MeteringpointID and Metercode are missing, or name none",
    de="über den Werten ist keine Spalte mit Energien genannt: die Zeilen MeteringpointID und Metercode fehlen, oder nennen keine",
    fr="aucune colonne d’énergies n’est nommée au-dessus des valeurs: les lignes MeteringpointID et Metercode manquent, ou n’en nomment pas",
    it="sopra i valori non è nominata nessuna colonna di energie: le righe MeteringpointID e Metercode mancano, o non ne nominano",
)
NOT_IN_KWH = Text(
    en="“{label}” is not in kWh; export the energies in kWh",
    de="«{label}» ist nicht in kWh; exportiere die Energien in kWh",
    fr="«{label}» n’est pas en kWh; exportez les énergies en kWh",
    it="«{label}» non è in kWh; esporta le energie in kWh",
)
OTHER_DIRECTION = Text(
    en="{point} is said to be {said}, but column {number} holds its {direction}; export the file again",
    de="{point} soll {said} sein, aber Spalte {number} enthält seinen {direction}; exportiere die Datei noch einmal",
    fr="{point} serait {said}, mais la colonne {number} contient son {direction}; exportez à nouveau le fichier",
    it="{point} sarebbe {said}, ma la colonna {number} contiene il suo {direction}; esporta di nuovo il file",
)

UNREADABLE = Text(
    en="the file cannot be read ({error}); see whether it is there, and whether Home Assistant may read it",
    de="die Datei lässt sich nicht lesen ({error}); prüfe, ob es sie gibt und ob Home Assistant sie lesen darf",
    fr="le fichier ne peut pas être lu ({error}); vérifiez qu’il existe et que Home Assistant a le droit de le lire",
    it="il file non si può leggere ({error}); verifica che ci sia e che Home Assistant possa leggerlo",
)
DAMAGED_ARCHIVE = Text(
    en="the archive is damaged ({error}); get it anew",
    de="das Archiv ist beschädigt ({error}); hole es neu",
    fr="l’archive est endommagée ({error}); obtenez-la à nouveau",
    it="l’archivio è danneggiato ({error}); procuratelo di nuovo",
)
NESTED_ARCHIVE = Text(
    en="an archive in an archive; unpack it",
    de="ein Archiv in einem Archiv; entpacke es",
    fr="une archive dans une archive; décompressez-la",
    it="un archivio in un archivio; estrailo",
)
EMPTY_ARCHIVE = Text(
    en="there are no files in the archive; get it anew",
    de="im Archiv sind keine Dateien; hole es neu",
    fr="il n’y a pas de fichiers dans l’archive; obtenez-la à nouveau",
    it="nell’archivio non ci sono file; procuratelo di nuovo",
)
HUGE_ARCHIVE = Text(
    en="the archive holds too much; unpack it in parts",
    de="das Archiv enthält zu viel; entpacke es in Teilen",
    fr="l’archive contient trop; décompressez-la par parties",
    it="l’archivio contiene troppo; estrailo a parti",
)
LOCKED_ARCHIVE = Text(
    en="it has a password; unpack it first",
    de="die Datei hat ein Passwort; entpacke sie zuerst",
    fr="le fichier a un mot de passe; décompressez-le d’abord",
    it="il file ha una password; estrailo prima",
)
