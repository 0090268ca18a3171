SELECT CONCAT(o.id, '') AS order_reference,
       {provider:o.payment_method} AS provider,
       o.total_amount AS amount,
       o.currency AS currency,
       CASE o.status
         WHEN 'wc-completed' THEN 'FUNDED'
         WHEN 'wc-processing' THEN 'FUNDED'
         WHEN 'wc-refunded' THEN 'CANCELLED'
         WHEN 'wc-cancelled' THEN 'CANCELLED'
         WHEN 'wc-failed' THEN 'REFUSED'
         WHEN 'wc-pending' THEN 'PENDING'
         WHEN 'wc-on-hold' THEN 'PENDING'
         ELSE o.status
       END AS status,
       CONCAT(o.date_created_gmt, '+00:00') AS ordered_at,
       (SELECT -SUM(r.total_amount) FROM {prefix}wc_orders r
         WHERE r.parent_order_id = o.id AND r.type = 'shop_order_refund') AS cancelled_amount,
       (SELECT CONCAT(MAX(r.date_created_gmt), '+00:00') FROM {prefix}wc_orders r
         WHERE r.parent_order_id = o.id AND r.type = 'shop_order_refund') AS cancelled_at,
       CONCAT(o.date_updated_gmt, '+00:00') AS updated_at,
       o.transaction_id AS transaction_id
  FROM {prefix}wc_orders o
 WHERE o.type = 'shop_order'
   AND o.status NOT IN ('trash', 'auto-draft', 'wc-checkout-draft')
   AND o.total_amount > 0
   AND {methods:o.payment_method}
   AND (o.date_updated_gmt >= :since
        OR EXISTS (SELECT 1 FROM {prefix}wc_orders r
                    WHERE r.parent_order_id = o.id AND r.type = 'shop_order_refund'
                      AND r.date_created_gmt >= :since))
