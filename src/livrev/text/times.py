"""Units of time, as they are printed in English and in the languages that put a comma before the decimals."""

_ENGLISH = {
    "months": "month months mo mos mth mths",
    "years": "year years yr yrs y",
    "weeks": "week weeks wk wks",
    "days": "day days d",
    "hours": "hour hours hr hrs h",
    "minutes": "minute minutes min mins",
}
_FOREIGN = {
    "months": "mes meses mois Monat Monate Monaten mesi",
    "years": "año años ans Jahr Jahre Jahren anni",
    "weeks": "semana semanas semaine semaines Woche Wochen settimane",
    "days": "día días jour jours Tag Tage Tagen giorni",
    "hours": "hora horas heure heures Stunde Stunden",
    "minutes": "minutos Minuten",
}
PLURAL = {name: unit for table in (_ENGLISH, _FOREIGN) for unit, names in table.items() for name in names.split()}
FOREIGN_TIME = rf"(?:{'|'.join(' '.join(_FOREIGN.values()).split())})\b"
TIME = rf"(?:{'|'.join(sorted(PLURAL, key=len, reverse=True))})(?![^\W\d_])"
