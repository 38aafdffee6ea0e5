# Make networks of contrasts, fit them with rma.mv(), and write network.json, which the tests compare with.
# Run in this folder: Rscript make_network.R      (Debian: r-cran-metafor r-cran-jsonlite)
suppressMessages({library(metafor); library(jsonlite)})
set.seed(20261127)

# Each design is a list of studies, each a vector of arms. Arm means are drawn, then contrasted, so a study adds up.
simulate <- function(designs, tau, ratio, spread = c(0.05, 0.4)) {
  truth <- setNames(rnorm(8, 0, 0.4), LETTERS[1:8])
  lapply(seq_along(designs), function(s) {
    arms <- designs[[s]]
    se <- exp(runif(length(arms), log(spread[1]), log(spread[2])))
    effect <- truth[arms] + rnorm(length(arms), 0, tau / sqrt(2))  # correlation one half between contrasts
    list(study = paste("study", s), arms = arms, mean = unname(rnorm(length(arms), effect, se)), var = se^2)
  })
}

# The rows that a person would write: all pairs of a study, or its contrasts against the first arm with their covariance.
write_rows <- function(studies, form, ratio) {
  z <- qnorm(0.975)
  to <- if (ratio) exp else identity
  rows <- list()
  for (s in studies) {
    k <- length(s$arms)
    pairs <- if (form == "pairs") combn(k, 2, simplify = FALSE) else lapply(2:k, function(j) c(1, j))
    for (p in pairs) {
      y <- s$mean[p[2]] - s$mean[p[1]]
      se <- sqrt(s$var[p[2]] + s$var[p[1]])
      row <- list(study = s$study, treatment = s$arms[p[2]], comparator = s$arms[p[1]],
                  value = to(y), ci_low = to(y - z * se), ci_high = to(y + z * se))
      if (form == "covariance" && k > 2) row$covariance <- s$var[1]
      rows <- c(rows, list(row))
    }
  }
  rows
}

blocks <- function(studies) {
  y <- c(); study <- c(); index <- c(); arm <- c(); base <- c(); V <- list()
  for (s in studies) {
    k <- length(s$arms)
    y <- c(y, s$mean[-1] - s$mean[1])
    study <- c(study, rep(s$study, k - 1)); index <- c(index, 1:(k - 1))
    arm <- c(arm, s$arms[-1]); base <- c(base, rep(s$arms[1], k - 1))
    V <- c(V, list(diag(s$var[-1], k - 1) + s$var[1]))
  }
  list(y = y, study = study, index = index, arm = arm, base = base, V = as.matrix(bldiag(V)))
}

design_matrix <- function(b, treatments) {
  X <- outer(b$arm, treatments, "==") - outer(b$base, treatments, "==")
  colnames(X) <- treatments
  X * 1
}

# The optimiser may say that it has not settled at so fine a tolerance: a coarser one then.
fit <- function(b, X, tau2 = NULL) {
  for (tolerance in c(1e-13, 1e-12, 1e-11, 1e-10, 1e-9)) {
    control <- if (is.null(tau2)) list(rel.tol = tolerance, iter.max = 5000, eval.max = 5000) else list()
    m <- try(if (max(b$index) == 1) {
      rma.mv(b$y, b$V, mods = X, intercept = FALSE, random = ~ 1 | study, data = b["study"], sigma2 = tau2, control = control)
    } else {
      rma.mv(b$y, b$V, mods = X, intercept = FALSE, random = ~ index | study, rho = 1/2, tau2 = tau2,
             data = list(study = b$study, index = factor(b$index)), control = control)
    }, silent = TRUE)
    if (!inherits(m, "try-error")) return(m)
  }
  stop(m)
}

connected <- function(studies) {
  pieces <- lapply(studies, function(s) s$arms)
  repeat {
    n <- length(pieces)
    for (i in seq_along(pieces)) for (j in seq_along(pieces)) if (i < j && length(intersect(pieces[[i]], pieces[[j]]))) {
      pieces[[i]] <- union(pieces[[i]], pieces[[j]]); pieces[[j]] <- character()
    }
    pieces <- Filter(length, pieces)
    if (length(pieces) == n) break
  }
  lapply(pieces, sort)
}

answer <- function(studies, reference, ratio) {
  to <- if (ratio) exp else identity
  z <- qnorm(0.975)
  treatments <- setdiff(sort(unique(unlist(lapply(studies, `[[`, "arms")))), reference)
  every <- sort(c(reference, treatments))
  b <- blocks(studies)
  X <- design_matrix(b, treatments)
  common <- rma.mv(b$y, b$V, mods = X, intercept = FALSE)
  df <- length(b$y) - ncol(X)
  tau2 <- NULL
  random <- common
  if (df > 0) {
    random <- fit(b, X)
    tau2 <- if (max(b$index) == 1) random$sigma2 else random$tau2
  }
  contrast <- function(m, a, c) {
    x <- (treatments == a) - (treatments == c)
    list(est = sum(x * m$beta), se = sqrt(c(t(x) %*% m$vb %*% x)))
  }
  estimates <- lapply(treatments, function(a) {
    r <- contrast(random, a, reference); f <- contrast(common, a, reference)
    list(treatment = a, value = to(r$est), ci_low = to(r$est - z * r$se), ci_high = to(r$est + z * r$se),
         common_value = to(f$est), common_low = to(f$est - z * f$se), common_high = to(f$est + z * f$se))
  })
  scores <- sapply(every, function(a) mean(sapply(setdiff(every, a), function(c) { d <- contrast(random, a, c); pnorm(-d$est / d$se) })))
  league <- combn(every, 2, function(p) { d <- contrast(random, p[1], p[2])
    list(a = p[1], b = p[2], value = to(d$est), ci_low = to(d$est - z * d$se), ci_high = to(d$est + z * d$se)) }, simplify = FALSE)
  # Designs: each its own contrasts; what the common model leaves over beyond that is inconsistency.
  design <- sapply(studies, function(s) paste(sort(s$arms), collapse = ""))
  Xd <- NULL
  for (d in unique(design)) {
    arms <- sort(unique(unlist(lapply(studies[design == d], `[[`, "arms"))))
    here <- b$study %in% sapply(studies[design == d], `[[`, "study")
    Xd <- cbind(Xd, design_matrix(b, arms[-1]) * here)
  }
  colnames(Xd) <- NULL
  design_df <- ncol(Xd) - ncol(X)
  found <- list(tau2 = tau2, q = common$QE, q_df = df, q_p = if (df > 0) common$QEp, estimates = estimates,
                p_scores = as.list(scores), league = league, design_df = design_df)
  if (df == 0) found$q <- 0
  if (design_df > 0) {
    full <- if (nrow(Xd) > ncol(Xd)) rma.mv(b$y, b$V, mods = Xd, intercept = FALSE)$QE else 0
    found$design_q <- common$QE - full
    found$design_p <- pchisq(found$design_q, design_df, lower.tail = FALSE)
    found$splits <- split(studies, b, treatments, contrast, random, tau2, to)
  }
  found
}

# Direct: the studies of a pair with the network's tau2. Indirect: where studies have two arms, the network without them; else
# what is left of the network's estimate when the direct one is taken away.
split <- function(studies, b, treatments, contrast, random, tau2, to) {
  out <- list()
  two <- all(sapply(studies, function(s) length(s$arms)) == 2)
  pairs <- unique(do.call(rbind, lapply(studies, function(s) t(combn(sort(s$arms), 2)))))
  for (i in seq_len(nrow(pairs))) {
    a <- pairs[i, 1]; c <- pairs[i, 2]
    both <- Filter(function(s) all(c(a, c) %in% s$arms), studies)
    yi <- sapply(both, function(s) s$mean[s$arms == a] - s$mean[s$arms == c])
    vi <- sapply(both, function(s) s$var[s$arms == a] + s$var[s$arms == c])
    direct <- rma(yi, vi, tau2 = tau2, method = "REML")
    if (two) {
      rest <- Filter(function(s) !all(c(a, c) %in% s$arms), studies)
      if (!any(sapply(connected(rest), function(p) all(c(a, c) %in% p)))) next
      piece <- Filter(function(p) all(c(a, c) %in% p), connected(rest))[[1]]
      rest <- Filter(function(s) all(s$arms %in% piece), rest)
      br <- blocks(rest)
      m <- fit(br, design_matrix(br, setdiff(piece, c)), tau2)
      k <- which(setdiff(piece, c) == a)
      indirect <- list(est = m$beta[k], var = m$vb[k, k])
    } else {
      net <- contrast(random, a, c)
      left <- 1 / net$se^2 - 1 / direct$se^2
      if (left < 1e-9 / net$se^2) next
      indirect <- list(est = (net$est / net$se^2 - c(direct$beta) / direct$se^2) / left, var = 1 / left)
    }
    zz <- (c(direct$beta) - indirect$est) / sqrt(direct$se^2 + indirect$var)
    out <- c(out, list(list(a = a, b = c, direct = to(c(direct$beta)), indirect = to(indirect$est), p = 2 * pnorm(-abs(zz)))))
  }
  out
}

pairs_of <- function(text) lapply(strsplit(strsplit(text, " ")[[1]], ""), identity)
shapes <- list(
  star = "BA BA CA CA DA EA DA", bare_star = "BA CA DA EA", chain = "BA CB DC ED", long_chain = "BA BA CB CB DC DC ED ED",
  triangle = "BA BA CA CA CB CB", square = "BA CB DC DA BA DC", loops = "BA CA CB DA DB DC EA EC BA DA",
  two_loops = "BA CA CB DC EC ED BA ED", dense = "BA CA DA EA CB DB EB DC EC ED BA CA DA",
  multi = "BAC BA CA CB BAC", multi_star = "ABC ABD AE AB AC", four_arms = "ABCD AB CD AC BD", only_multi = "ABC ABC ABC",
  one_multi = "ABCD", multi_tree = "ABC CD DE CD", mixed = "ABC ABD BCD AE DE AB CF EF", pair = "BA BA BA BA"
)
cases <- list()
measures <- c("HR", "OR", "RR", "MD", "generic")
n <- 0
for (name in names(shapes)) for (tau in c(0, 0.15, 0.8)) for (form in c("pairs", "covariance")) {
  n <- n + 1
  measure <- measures[n %% 5 + 1]
  ratio <- measure %in% c("HR", "OR", "RR")
  designs <- pairs_of(shapes[[name]])
  if (form == "covariance" && !any(lengths(designs) > 2)) next
  studies <- simulate(designs, tau, ratio)
  reference <- sample(unique(unlist(designs)), 1)
  cases <- c(cases, list(list(id = paste(name, tau, form), measure = measure, reference = reference,
                              rows = write_rows(studies, form, ratio), expected = answer(studies, reference, ratio))))
}
for (text in c("BA DC", "BA CA ED FE", "ABC DE FG", "BA CB ED EDF")) {
  studies <- simulate(pairs_of(text), 0.2, TRUE)
  cases <- c(cases, list(list(id = paste("apart", text), measure = "HR", reference = "A", rows = write_rows(studies, "pairs", TRUE),
                              expected = list(pieces = connected(studies)))))
}
lines <- sapply(cases, toJSON, auto_unbox = TRUE, digits = NA, null = "null")
writeLines(c(paste0('{"metafor": "', packageVersion("metafor"), '", "cases": ['), paste(lines, collapse = ",\n"), "]}"), "network.json")
cat(length(cases), "cases\n")
