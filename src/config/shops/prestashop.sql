SELECT x.reference AS order_reference,
       MAX(x.provider) AS provider,
       SUM(x.amount) AS amount,
       MAX(x.currency) AS currency,
       CASE
         WHEN MAX(x.state = 'FUNDED') = 1 THEN 'FUNDED'
         WHEN MAX(x.state = 'PENDING') = 1 THEN 'PENDING'
         WHEN MAX(x.state = 'CANCELLED') = 1 THEN 'CANCELLED'
         ELSE 'REFUSED'
       END AS status,
       MIN(x.date_add) AS ordered_at,
       NULLIF(SUM(CASE
         WHEN x.refunded IS NOT NULL THEN x.refunded
         WHEN x.state = 'CANCELLED' THEN x.amount
         ELSE 0
       END), 0) AS cancelled_amount,
       MAX(COALESCE(x.refunded_at, CASE WHEN x.state = 'CANCELLED' THEN x.date_upd END)) AS cancelled_at,
       MAX(x.date_upd) AS updated_at
  FROM (SELECT o.reference, o.date_add, o.date_upd,
               {provider:o.module} AS provider,
               o.total_paid_tax_incl AS amount,
               c.iso_code AS currency,
               CASE
                 WHEN o.current_state IN (6, 7) THEN 'CANCELLED'
                 WHEN o.current_state = 8 THEN 'REFUSED'
                 WHEN s.paid = 1 THEN 'FUNDED'
                 ELSE 'PENDING'
               END AS state,
               (SELECT SUM(r.total_products_tax_incl + r.total_shipping_tax_incl)
                  FROM {prefix}order_slip r WHERE r.id_order = o.id_order) AS refunded,
               (SELECT MAX(r.date_add)
                  FROM {prefix}order_slip r WHERE r.id_order = o.id_order) AS refunded_at
          FROM {prefix}orders o
          JOIN {prefix}currency c ON c.id_currency = o.id_currency
          JOIN {prefix}order_state s ON s.id_order_state = o.current_state
         WHERE o.total_paid_tax_incl > 0
           AND {methods:o.module}
           AND o.reference IN (
                 SELECT n.reference FROM {prefix}orders n WHERE n.date_upd >= :since
                 UNION
                 SELECT n.reference FROM {prefix}orders n
                   JOIN {prefix}order_slip r ON r.id_order = n.id_order
                  WHERE r.date_add >= :since)) x
 GROUP BY x.reference
