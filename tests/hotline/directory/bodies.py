"""A directory as tests need it: a council with three people, and an office for residents."""

DIRECTORY = """
[[body]]
code = "council"
uk = "Міська рада"
en = "City council"
kind = "council"
numbers = ["04579 2-00-00"]
inner = ["04579 2-00-99"]
hours = "пн-чт 8:00-17:00, пт 8:00-15:45, обід 12:00-12:45"
closed = ["2026-07-10"]
address = "Центральна площа, 7"
public = true

[[body]]
code = "services"
uk = "Центр надання адміністративних послуг"
en = "Administrative services"
kind = "state"
numbers = ["04579 2-00-00", "04579 2-11-11"]
topics = ["паспорт", "реєстрація місця проживання"]
public = true

[[body]]
code = "water"
uk = "Водоканал"
en = "Waterworks"
kind = "enterprise"
enterprise = "Водоканал"
address = "Військових будівельників, 2"

[[official]]
name = "Коваль Олена Петрівна"
body = "council"
post_uk = "Начальниця відділу"
numbers = ["04579 2-22-22"]
away_since = 2026-07-01
away_until = 2026-07-31
stands_in = "Бойко Ігор Іванович"
public = true

[[official]]
name = "Бойко Ігор Іванович"
body = "council"
post_uk = "Заступник начальниці"
inner = ["+380671234567"]
away_since = 2026-07-08
away_until = 2026-07-09
stands_in = "Мельник Ганна Василівна"

[[official]]
name = "Мельник Ганна Василівна"
body = "council"
post_uk = "Головна спеціалістка"
post_en = "Chief specialist"
away_since = 2026-07-20
stands_in = "Коваль Олена Петрівна"
"""
