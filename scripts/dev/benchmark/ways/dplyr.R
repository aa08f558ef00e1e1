# R with readr and dplyr: Rscript dplyr.R EXTRACTS. Writes its answer to the current folder.

suppressPackageStartupMessages({
  library(dplyr)
  library(readr)
})

extracts <- commandArgs(trailingOnly = TRUE)[1]
categories <- c("NEG", "PHY", "SAB", "EMO", "MUL")
yes <- c("1", "1.0", "true", "t", "yes", "y")

# The named columns, as text. Every kind of blank is missing.
read_extract <- function(name, columns) {
  read_csv(
    file.path(extracts, name),
    col_select = all_of(columns), col_types = cols(.default = col_character()),
    na = c("", "NULL", "NA", "N/A", "."), trim_ws = TRUE, progress = FALSE
  ) |>
    filter(!is.na(pupil_id))
}

in_care <- read_extract(
  "CLA_2006_to_2018.csv", c(pupil_id = "CLA_PupilMatchingRefAnonymous")
) |>
  distinct(pupil_id) |>
  mutate(in_care = TRUE)

in_need <- read_extract(
  "CIN_08-09_to_16-17.csv",
  c(
    pupil_id = "CIN_PupilMatchingRefAnonymous", need = "CIN_CINat31March",
    category = "CIN_CategoryOfAbuse", initial_category = "CIN_InitialCategoryOfAbuse",
    previous_plans = "CIN_NumberOfPreviousCPP"
  )
) |>
  mutate(
    is_in_need = tolower(need) %in% yes,
    has_category = toupper(category) %in% categories | toupper(initial_category) %in% categories,
    previous_plans = suppressWarnings(as.numeric(previous_plans))
  ) |>
  group_by(pupil_id) |>
  summarise(
    is_in_need = any(is_in_need),
    has_plan = any(has_category) | sum(previous_plans, na.rm = TRUE) >= 1
  )

persons <- read_extract("population.csv", c(pupil_id = "PupilMatchingRefAnonymous")) |>
  bind_rows(select(in_care, pupil_id), select(in_need, pupil_id)) |>
  distinct(pupil_id) |>
  left_join(in_care, by = "pupil_id") |>
  left_join(in_need, by = "pupil_id") |>
  mutate(
    highest_intervention = case_when(
      in_care ~ "child looked after",
      has_plan ~ "child protection plan",
      is_in_need ~ "child in need",
      !is.na(is_in_need) ~ "referral only",
      TRUE ~ "no social care contact"
    )
  )

write_csv(select(persons, pupil_id, highest_intervention), "answer.csv", progress = FALSE)
