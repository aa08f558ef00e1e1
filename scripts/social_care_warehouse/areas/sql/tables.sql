-- The results of the model. The tables replace those of the last run.
create schema if not exists models;

create or replace table models.area_term (
    outcome varchar not null,
    highest_intervention varchar not null,
    cohort varchar not null,
    has_covariates boolean not null,
    term_group varchar not null,
    term varchar not null,
    estimate double not null,
    standard_error double,
    lower_95 double,
    upper_95 double,
    odds_ratio double,
    odds_ratio_lower_95 double,
    odds_ratio_upper_95 double,
    n_local_authorities integer not null,
    n_observed bigint not null,
    n_with_outcome bigint not null,
    log_likelihood double not null,
    primary key (
        outcome, highest_intervention, cohort, has_covariates, term_group, term
    )
);

create or replace table models.area_effect (
    local_authority_code varchar not null,
    outcome varchar not null,
    highest_intervention varchar not null,
    cohort varchar not null,
    has_covariates boolean not null,
    effect double not null,
    standard_error double,
    lower_95 double,
    upper_95 double,
    odds_ratio double not null,
    odds_ratio_lower_95 double,
    odds_ratio_upper_95 double,
    n_observed bigint not null,
    n_with_outcome bigint not null,
    primary key (
        local_authority_code, outcome, highest_intervention, cohort, has_covariates
    )
);

comment on table models.area_term is
'One row per outcome, level of social care, cohort, model and term of the multilevel model of local authorities. Written by social-care-warehouse areas; a new build removes it. The model: log-odds = level + birth cohort + sex + log-odds among the authority''s children without social care + poverty + effect of the authority. Never rank authorities by it.';
comment on column models.area_term.outcome is
'Name of the outcome, as in lookups.outcome_measures.';
comment on column models.area_term.highest_intervention is
'Level of social care of the children in the model, or "any social care" for all levels above none in one model.';
comment on column models.area_term.cohort is
'Birth cohorts in the model: all, or those that were asked for.';
comment on column models.area_term.has_covariates is
'False: level, birth cohort and sex alone. True: with the authority''s log-odds among children without social care and its poverty as well. Both models have the same children.';
comment on column models.area_term.term_group is
'intercept, highest_intervention, birth_cohort, gender_code, covariate, or spread (how much authorities differ).';
comment on column models.area_term.term is
'The category of the group. Its first category is the reference and has no row. In the group covariate: log_odds_without_social_care (per 1 of log-odds, centred) and the poverty measure (per standard deviation between authorities). In the group spread: sigma, median_odds_ratio and variance_explained_percent.';
comment on column models.area_term.estimate is
'Estimate on the scale of log-odds. For median_odds_ratio an odds ratio: how many times the odds of a child differ between two authorities drawn at random, in the median. For variance_explained_percent per cent of the variance between authorities without covariates that the covariates explain; below 0 if they explain none.';
comment on column models.area_term.standard_error is
'Standard error of the estimate. NULL for the group spread.';
comment on column models.area_term.lower_95 is
'Lower 95% limit of the estimate. For sigma and median_odds_ratio by profile likelihood: 0 or 1 if the authorities may not differ at all. NULL for variance_explained_percent.';
comment on column models.area_term.upper_95 is
'Upper 95% limit, as lower_95.';
comment on column models.area_term.odds_ratio is
'Exponential of the estimate. NULL for the intercept and the group spread.';
comment on column models.area_term.odds_ratio_lower_95 is
'Lower 95% limit of odds_ratio. NULL as there.';
comment on column models.area_term.odds_ratio_upper_95 is
'Upper 95% limit of odds_ratio. NULL as there.';
comment on column models.area_term.n_local_authorities is
'Local authorities in the model.';
comment on column models.area_term.n_observed is
'Children in the model: the outcome is observed. Not rounded: prepare it before it leaves the secure environment.';
comment on column models.area_term.n_with_outcome is
'Children in the model with the outcome. Not rounded.';
comment on column models.area_term.log_likelihood is
'Log-likelihood of the model by the Laplace approximation, the constant of the counts included, as in lme4.';

comment on table models.area_effect is
'One row per local authority, outcome, level of social care, cohort and model: the effect of the authority. Written by social-care-warehouse areas; a new build removes it. Effects of authorities with few children are drawn towards 0. Never rank authorities by them: the intervals of most overlap.';
comment on column models.area_effect.local_authority_code is
'Code of the local authority, as in marts.area_outcome.';
comment on column models.area_effect.outcome is
'Name of the outcome.';
comment on column models.area_effect.highest_intervention is
'Level of social care of the children in the model, or "any social care".';
comment on column models.area_effect.cohort is
'Birth cohorts in the model: all, or those that were asked for.';
comment on column models.area_effect.has_covariates is
'False: adjusted for level, birth cohort and sex. True: also for the authority''s log-odds among children without social care and for its poverty.';
comment on column models.area_effect.effect is
'Log-odds by which children of this authority differ from those of an average authority, after adjustment: 0 means no difference. Most likely value given the terms of the model.';
comment on column models.area_effect.standard_error is
'Standard error of the effect, given the terms of the model. NULL if the model found no differences between authorities (sigma is 0).';
comment on column models.area_effect.lower_95 is
'Lower 95% limit of the effect. With 150 authorities, several intervals miss 0 by chance. NULL as standard_error.';
comment on column models.area_effect.upper_95 is
'Upper 95% limit, as lower_95.';
comment on column models.area_effect.odds_ratio is
'Exponential of the effect: 1 means no difference.';
comment on column models.area_effect.odds_ratio_lower_95 is
'Lower 95% limit of odds_ratio. NULL as standard_error.';
comment on column models.area_effect.odds_ratio_upper_95 is
'Upper 95% limit of odds_ratio. NULL as standard_error.';
comment on column models.area_effect.n_observed is
'Children of the authority in the model. Not rounded: prepare it before it leaves the secure environment.';
comment on column models.area_effect.n_with_outcome is
'Children of the authority in the model with the outcome. Not rounded.';
