# Test subgroups with one tau2 for all by rma(mods = ~ group, test = "adhoc") and write subgroups.json.
# Run in this folder: Rscript make_subgroups.R      (Debian: r-cran-metafor r-cran-jsonlite)
suppressMessages({library(metafor); library(jsonlite)})
set.seed(20261127)
cases <- list()
for (k in c(4, 6, 9, 15)) for (groups in 2:3) for (tau in c(0, 0.4)) {
  group <- LETTERS[(seq_len(k) - 1) %% groups + 1]
  se <- round(exp(runif(k, log(0.08), log(0.5))), 3)
  yi <- round(rnorm(k, -0.2 * (group == "B"), sqrt(se^2 + tau^2)), 3)
  for (step in c(1, 0.5, 0.1)) {
    m <- try(suppressWarnings(rma(yi, sei = se, mods = ~ factor(group), method = "REML", test = "adhoc",
                                  control = list(threshold = 1e-13, maxiter = 20000, stepadj = step))), silent = TRUE)
    if (!inherits(m, "try-error")) break
  }
  cases <- c(cases, list(list(estimates = yi, errors = se, groups = group,
                              expected = list(f = m$QM, df = m$QMdf, p = m$QMp, tau2 = m$tau2))))
}
lines <- sapply(cases, toJSON, auto_unbox = TRUE, digits = NA)
writeLines(c(paste0('{"metafor": "', packageVersion("metafor"), '", "cases": ['), paste(lines, collapse = ",\n"), "]}"), "subgroups.json")
cat(length(cases), "cases\n")
