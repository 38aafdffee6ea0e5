# Pool every case of cases.json with metafor and write reference.json, which the tests compare with.
# Run in this folder: Rscript make_reference.R      (Debian: r-cran-metafor r-cran-lme4 r-cran-jsonlite)
suppressMessages({library(metafor); library(lme4); library(jsonlite)})
options(warn = 1)

versions <- list(
  R = paste(R.version$major, R.version$minor, sep = "."),
  metafor = as.character(packageVersion("metafor")),
  lme4 = as.character(packageVersion("lme4")),
  jsonlite = as.character(packageVersion("jsonlite"))
)
cat(paste(names(versions), unlist(versions)), sep = "\n")

tight <- list(threshold = 1e-13, maxiter = 20000)
tight_tau2 <- list(tol = 1e-12, maxiter = 20000, tau2.max = 1e7)
tight_glm <- list(epsilon = 1e-14, maxit = 200)
optimisers <- list(
  list(optimizer = "bobyqa", tolPwrss = 1e-12, optCtrl = list(rhoend = 1e-10, maxfun = 1e5)),
  list(optimizer = "bobyqa", tolPwrss = 1e-9, optCtrl = list(rhoend = 1e-10, maxfun = 1e5)),
  list(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-10, maxfun = 1e5)),
  list()
)
back <- list(HR = exp, OR = exp, RR = exp, generic = identity, proportion = plogis)

# Fisher scoring may overshoot and never settle: smaller steps then.
fit <- function(yi, sei, ...) {
  for (step in c(1, 0.5, 0.1)) {
    m <- try(suppressWarnings(rma(yi = yi, sei = sei, control = c(tight, stepadj = step), ...)), silent = TRUE)
    if (!inherits(m, "try-error")) return(m)
  }
  stop(m)
}

fit_counts <- function(xi, ni, control = NULL) {
  for (chosen in if (is.null(control)) optimisers else list(control)) {
    m <- try(suppressWarnings(suppressMessages(
      rma.glmm(measure = "PLO", xi = xi, ni = ni, control = list(glmerCtrl = chosen)))), silent = TRUE)
    if (!inherits(m, "try-error")) return(m)
  }
  NULL
}

summary_of <- function(m, to) {
  list(value = to(c(m$beta)), ci_low = to(m$ci.lb), ci_high = to(m$ci.ub))
}

between_groups <- function(estimates, errors) {
  names <- factor(seq_along(estimates))
  m <- rma(yi = estimates, sei = errors, mods = ~names, method = "FE")
  list(q = m$QM, df = m$m, p = m$QMp)
}

pool_effects <- function(case) {
  to <- back[[case$measure]]
  from <- if (case$measure == "generic") identity else log
  yi <- from(case$value)
  sei <- (from(case$ci_high) - from(case$ci_low)) / (2 * qnorm(0.5 + case$ci_level / 200))
  reml <- fit(yi, sei, method = "REML", test = "adhoc")
  plain <- fit(yi, sei, method = "REML", test = "knha")
  wald <- fit(yi, sei, method = "REML", test = "z")
  spread <- confint(reml, control = tight_tau2)$random
  apart <- predict(reml, pi.type = "riley")
  left <- leave1out(reml)
  found <- list(
    k = reml$k, value = to(c(reml$beta)), ci_low = to(reml$ci.lb), ci_high = to(reml$ci.ub),
    plain_low = to(plain$ci.lb), plain_high = to(plain$ci.ub), wald_low = to(wald$ci.lb), wald_high = to(wald$ci.ub),
    tau2 = reml$tau2, tau2_low = spread[1, 2], tau2_high = spread[1, 3], i2 = reml$I2, q = reml$QE, q_p = reml$QEp,
    pi_low = to(apart$pi.lb), pi_high = to(apart$pi.ub), log_likelihood = c(logLik(reml)),
    common = summary_of(rma(yi, sei = sei, method = "EE"), to),
    dersimonian_laird = summary_of(rma(yi, sei = sei, method = "DL"), to),
    weights = unname(weights(reml)),
    leave_one_out = list(value = to(left$estimate), ci_low = to(left$ci.lb), ci_high = to(left$ci.ub),
                         tau2 = left$tau2, i2 = left$I2, q = left$Q, q_p = left$Qp)
  )
  if (reml$k >= 10 && case$kind != "equal") {
    test <- regtest(reml, model = "lm", predictor = "sei")
    slope <- summary(test$fit)$coefficients["Xsei", ]
    found$egger <- list(intercept = slope[[1]], se = slope[[2]], t = test$zval, df = test$dfs, p = test$pval)
  }
  if (!is.null(case$subgroup)) {
    parts <- lapply(unique(case$subgroup), function(g) {
      of <- case$subgroup == g
      list(g, fit(yi[of], sei[of], method = "REML", test = "adhoc"), fit(yi[of], sei[of], method = "REML", test = "z"))
    })
    found$subgroups <- between_groups(sapply(parts, function(p) p[[3]]$beta), sapply(parts, function(p) p[[3]]$se))
    found$subgroups$groups <- lapply(parts, function(p) {
      c(list(subgroup = p[[1]], k = p[[2]]$k, tau2 = p[[2]]$tau2, i2 = p[[2]]$I2), summary_of(p[[2]], to))
    })
  }
  found
}

pool_counts <- function(case) {
  m <- fit_counts(case$events, case$total)
  if (is.null(m)) return(list(refused = TRUE))
  default <- fit_counts(case$events, case$total, list())
  apart <- predict(m, pi.type = "riley")
  es <- escalc(measure = "PLO", xi = case$events, ni = case$total)
  k <- m$k
  left <- lapply(seq_len(k), function(i) if (k > 2) fit_counts(case$events[-i], case$total[-i]) else NULL)
  pick <- function(take) sapply(left, function(l) if (is.null(l)) NA else take(l))
  found <- list(
    k = k, value = plogis(c(m$beta)), ci_low = plogis(m$ci.lb), ci_high = plogis(m$ci.ub),
    tau2 = m$tau2, i2 = m$I2, q = m$QE.LRT, q_p = m$QEp.LRT,
    pi_low = plogis(apart$pi.lb), pi_high = plogis(apart$pi.ub),
    common = summary_of(rma.glmm(measure = "PLO", xi = case$events, ni = case$total, method = "EE",
                                 control = list(glmCtrl = tight_glm)), plogis),
    dersimonian_laird = summary_of(rma(yi = es$yi, vi = es$vi, method = "DL"), plogis),
    default = if (is.null(default)) NULL else c(summary_of(default, plogis), tau2 = default$tau2),
    leave_one_out = list(value = pick(function(l) plogis(c(l$beta))), ci_low = pick(function(l) plogis(l$ci.lb)),
                         ci_high = pick(function(l) plogis(l$ci.ub)), tau2 = pick(function(l) l$tau2),
                         q = pick(function(l) l$QE.LRT))
  )
  if (!is.null(case$subgroup)) {
    parts <- lapply(unique(case$subgroup), function(g) {
      of <- case$subgroup == g
      list(g, fit_counts(case$events[of], case$total[of]))
    })
    found$subgroups <- between_groups(sapply(parts, function(p) p[[2]]$beta), sapply(parts, function(p) p[[2]]$se))
    found$subgroups$groups <- lapply(parts, function(p) {
      c(list(subgroup = p[[1]], k = p[[2]]$k, tau2 = p[[2]]$tau2), summary_of(p[[2]], plogis))
    })
  }
  found
}

cases <- fromJSON("cases.json", simplifyVector = TRUE, simplifyDataFrame = FALSE)
done <- lapply(cases, function(case) {
  case$expected <- if (case$measure == "proportion") pool_counts(case) else pool_effects(case)
  case
})
lines <- sapply(done, toJSON, auto_unbox = TRUE, digits = NA, null = "null", na = "null")
writeLines(c(paste0('{"versions": ', toJSON(versions, auto_unbox = TRUE), ',\n"cases": ['),
             paste(lines, collapse = ",\n"), "]}"), "reference.json")
cat(length(done), "cases\n")
