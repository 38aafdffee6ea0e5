# Make two-arm tables (counts, means, estimates with their errors), let escalc() and rma() answer, and write escalc.json.
# Run in this folder: Rscript make_escalc.R      (Debian: r-cran-metafor r-cran-jsonlite)
suppressMessages({library(metafor); library(jsonlite)})
set.seed(20261127)
tight <- list(threshold = 1e-13, maxiter = 20000)

pool <- function(yi, vi) {
  for (step in c(1, 0.5, 0.1)) {
    fit <- function(test) rma(yi, vi, method = "REML", test = test, control = c(tight, stepadj = step))
    m <- try(suppressWarnings(list(fit("adhoc"), fit("z"))), silent = TRUE)
    if (!inherits(m, "try-error")) break
  }
  list(estimate = c(m[[1]]$beta), ci_low = m[[1]]$ci.lb, ci_high = m[[1]]$ci.ub,
       wald_low = m[[2]]$ci.lb, wald_high = m[[2]]$ci.ub, tau2 = m[[1]]$tau2)
}

counts <- function(measure, k, share, ratio, size, empty = 0) {
  n1i <- sample(size, k, TRUE)
  n2i <- sample(size, k, TRUE)
  ai <- rbinom(k, n1i, pmin(0.98, share * ratio * exp(rnorm(k, 0, 0.3))))
  ci <- rbinom(k, n2i, share)
  if (empty >= 1) ai[1] <- 0
  if (empty >= 2) ci[1] <- 0
  if (empty >= 3) { ai[2] <- n1i[2]; ci[k] <- n2i[k] }
  es <- escalc(measure = measure, ai = ai, n1i = n1i, ci = ci, n2i = n2i)
  list(measure = measure, columns = list(ai = ai, n1i = n1i, ci = ci, n2i = n2i),
       yi = c(es$yi), vi = c(es$vi), pool = pool(es$yi, es$vi))
}

means <- function(measure, k, size, tau) {
  n1i <- sample(size, k, TRUE)
  n2i <- sample(size, k, TRUE)
  sd1i <- round(runif(k, 3, 15), 1)
  sd2i <- round(runif(k, 3, 15), 1)
  m1i <- round(rnorm(k, 40, 4), 1)
  m2i <- round(m1i + rnorm(k, 3, tau), 1)
  es <- escalc(measure = measure, m1i = m1i, sd1i = sd1i, n1i = n1i, m2i = m2i, sd2i = sd2i, n2i = n2i)
  list(measure = measure, columns = list(m1i = m1i, sd1i = sd1i, n1i = n1i, m2i = m2i, sd2i = sd2i, n2i = n2i),
       yi = c(es$yi), vi = c(es$vi), pool = pool(es$yi, es$vi))
}

errors <- function(measure, k, tau) {
  vi <- round(exp(runif(k, -5, 0)), 4)
  yi <- round(rnorm(k, -0.3, sqrt(vi + tau^2)), 3)
  list(measure = measure, columns = list(yi = yi, vi = vi), yi = yi, vi = vi, pool = pool(yi, vi))
}

cases <- list()
for (measure in c("OR", "RR", "RD")) {
  for (k in c(2, 3, 5, 9, 20)) {
    cases <- c(cases, list(counts(measure, k, 0.2, 0.7, 40:300)), list(counts(measure, k, 0.6, 1.1, 15:60)))
  }
  for (empty in 1:3) cases <- c(cases, list(counts(measure, 4, 0.1, 0.8, 20:80, empty)), list(counts(measure, 7, 0.03, 1, 30:200, empty)))
}
for (measure in c("MD", "SMD")) for (k in c(2, 3, 6, 15)) {
  cases <- c(cases, list(means(measure, k, 20:150, 3)), list(means(measure, k, 2:12, 1)))
}
for (measure in c("HR", "OR", "RR", "RD", "MD", "SMD", "generic")) for (k in c(3, 8)) {
  cases <- c(cases, list(errors(measure, k, 0)), list(errors(measure, k, 0.6)))
}
lines <- sapply(cases, toJSON, auto_unbox = TRUE, digits = NA)
writeLines(c(paste0('{"metafor": "', packageVersion("metafor"), '", "cases": ['), paste(lines, collapse = ",\n"), "]}"), "escalc.json")
cat(length(cases), "cases\n")
