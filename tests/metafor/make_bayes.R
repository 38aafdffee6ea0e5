# Work out the posterior of small pools under a half-normal prior on tau by R's own adaptive integration, and the smallest
# effect that a modified Hartung-Knapp interval would have found; write bayes.json. No package but jsonlite is used.
# Run in this folder: Rscript make_bayes.R
suppressMessages(library(jsonlite))
set.seed(20261127)
fine <- function(f, a, b) integrate(f, a, b, rel.tol = 1e-11, subdivisions = 2000L)$value

posterior <- function(y, s, scale) {
  # The joint density of mean and tau, the mean integrated by hand: the likelihood is written as a product of normals.
  at <- function(t) { w <- 1 / (s^2 + t^2); m <- sum(w * y) / sum(w); c(m, sqrt(1 / sum(w))) }
  raw <- function(t) sapply(t, function(u) {
    a <- at(u)
    exp(sum(dnorm(y, a[1], sqrt(s^2 + u^2), log = TRUE)) + log(a[2]) + dnorm(u, 0, scale, log = TRUE))
  })
  top <- 10 * scale
  cuts <- c(0, scale * c(0.01, 0.03, 0.1, 0.2, 0.4, 0.7, 1, 1.5, 2, 3, 4.5, 7, 10))
  over <- function(f, to = top) { k <- c(cuts[cuts < to], to); sum(sapply(seq_along(k)[-1], function(i) fine(f, k[i - 1], k[i]))) }
  total <- over(raw)
  cdf <- function(x, ahead) over(function(t) raw(t) * sapply(t, function(u) {
    a <- at(u); pnorm(x, a[1], if (ahead) sqrt(a[2]^2 + u^2) else a[2]) })) / total
  around <- c(min(y) - 30 * max(s) - 30 * scale, max(y) + 30 * max(s) + 30 * scale)
  quantile <- function(p, ahead = FALSE) uniroot(function(x) cdf(x, ahead) - p, around, tol = 1e-10)$root
  tau <- function(p) uniroot(function(t) over(raw, t) / total - p, c(1e-9, top), tol = 1e-10)$root
  list(median = quantile(0.5), low = quantile(0.025), high = quantile(0.975), below = cdf(0, FALSE), below_far = cdf(log(0.8), FALSE),
       next_low = quantile(0.025, TRUE), next_high = quantile(0.975, TRUE), tau = tau(0.5), tau_low = tau(0.025), tau_high = tau(0.975))
}

cases <- list()
for (k in c(1, 2, 3, 4, 7)) for (tau in c(0, 0.4)) for (scale in c(0.5, 1)) {
  s <- round(exp(runif(k, log(0.08), log(0.5))), 3)
  y <- round(rnorm(k, -0.25, sqrt(s^2 + tau^2)), 3)
  cases <- c(cases, list(list(y = I(y), s = I(s), scale = scale, expected = posterior(y, s, scale))))
}
cases <- c(cases, list(list(y = c(-3, 3), s = c(0.01, 0.01), scale = 0.5, expected = posterior(c(-3, 3), c(0.01, 0.01), 0.5))))

power <- function(effect, k) {
  df <- k - 1
  reach <- function(q) qt(0.975, df) * pmax(1, sqrt(q / df))
  f <- function(q) dchisq(q, df) * (pnorm(effect - reach(q)) + pnorm(-effect - reach(q)))
  fine(f, 0, df) + fine(f, df, df + 60)
}
detectable <- lapply(c(3, 4, 5, 8, 20), function(k) list(k = k, power = 0.8, effect = uniroot(function(e) power(e, k) - 0.8, c(0.1, 60), tol = 1e-10)$root))
detectable <- c(detectable, list(list(k = 3, power = 0.5, effect = uniroot(function(e) power(e, 3) - 0.5, c(0.1, 60), tol = 1e-10)$root)))
writeLines(toJSON(list(cases = cases, detectable = detectable), auto_unbox = TRUE, digits = NA), "bayes.json")
cat(length(cases), "cases\n")
